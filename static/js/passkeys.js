// Passkeys. A form with data-passkey asks the browser for one, and sends what the browser says.
// "login" fetches what to ask from the form's own address; "use" and "add" find it in the page.

const toBytes = (words) =>
  Uint8Array.from(atob(words.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

const toWords = (buffer) =>
  btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

/** What the site sends, with the parts that a browser wants as bytes made into bytes. */
function asked(options) {
  const wanted = JSON.parse(JSON.stringify(options.publicKey));
  wanted.challenge = toBytes(wanted.challenge);
  if (wanted.user) wanted.user.id = toBytes(wanted.user.id);
  for (const list of [wanted.allowCredentials, wanted.excludeCredentials]) {
    for (const one of list || []) one.id = toBytes(one.id);
  }
  return { publicKey: wanted };
}

/** What the browser answers, as words. */
function answered(credential) {
  const { response } = credential;
  const said = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) said[part] = toWords(response[part]);
  }
  if (response.getTransports) said.transports = response.getTransports();
  return {
    type: credential.type,
    id: credential.id,
    rawId: toWords(credential.rawId),
    response: said,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function make(options) {
  const wanted = asked(options.creation_options);
  wanted.publicKey.authenticatorSelection = {
    ...wanted.publicKey.authenticatorSelection,
    residentKey: "required",
    requireResidentKey: true,
    userVerification: "required",
  };
  return navigator.credentials.create(wanted);
}

async function use(options) {
  return navigator.credentials.get(asked(options.request_options));
}

async function optionsOf(form) {
  if (form.dataset.passkey !== "login") {
    return JSON.parse(document.getElementById("passkey_options").textContent);
  }
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`passkey: ${answer.status}`);
  return answer.json();
}

async function press(form) {
  const problem = form.querySelector("[data-passkey-problem]");
  problem.hidden = true;
  try {
    const options = await optionsOf(form);
    const credential = await (form.dataset.passkey === "add" ? make(options) : use(options));
    form.elements.credential.value = JSON.stringify(answered(credential));
    form.submit();
  } catch {
    problem.hidden = false;
  }
}

if (window.PublicKeyCredential && navigator.credentials) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      press(form);
    });
  }
  for (const words of document.querySelectorAll("[data-passkey-unknown]")) words.hidden = true;
}
