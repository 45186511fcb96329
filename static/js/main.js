// The page works without this. It adds: show-password buttons, character counts, and the way to what is amiss.
import { initAll } from "../vendor/nhsuk.js";
import { focusErrorSummary } from "./error_summary.js";
import { closeMenus } from "./menus.js";

document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
initAll();
focusErrorSummary();
closeMenus();
