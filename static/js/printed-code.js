// The square code on a printed invitation leads here with "#name.CODE". Fills both in, and takes them out of the address.
// <div data-printed-code><form>…sign_in_name, secret_code…</form></div>
const [name, code] = decodeURIComponent(location.hash.slice(1)).split(".");
const form = document.querySelector("[data-printed-code] form");

if (form && name && code) {
  form.elements.sign_in_name.value = name;
  form.elements.secret_code.value = code.match(/.{1,4}/g).join(" ");
  history.replaceState(null, "", location.pathname + location.search);
  form.elements.password.focus();
}
