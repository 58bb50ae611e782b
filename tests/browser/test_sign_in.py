"""What a passkey's PRF makes stays in the wallet: the server refuses a body that brings it."""

from typing import Any

import pytest

from tests.browser.phone import Phone
from tests.browser.story import HOME, UNLOCK, Resident
from tests.browser.town import Town

# Signs in as the wallet does, but with what `toJSON()` gives added to the body.
SIGN_IN = """async ({ extra, where }) => {
  const b64u = (data) => new Uint8Array(data).toBase64({ alphabet: "base64url", omitPadding: true });
  const post = (path, body) => fetch(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  const { challenge_id, options } = await (await post("/api/challenges", { for: "passkey" })).json();
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const used = await navigator.credentials.get({ publicKey });
  const { clientExtensionResults } = used.toJSON();
  const more = extra ? { clientExtensionResults } : {};
  const { authenticatorData, clientDataJSON, signature, userHandle } = used.response;
  const credential = {
    id: used.id, authenticator_data: b64u(authenticatorData), client_data_json: b64u(clientDataJSON),
    signature: b64u(signature), user_handle: b64u(userHandle), ...(where === "credential" ? more : {}),
  };
  const answer = await post("/api/login/passkey", { challenge_id, credential, ...(where === "body" ? more : {}) });
  const { signed_in } = await (await fetch("/api/session")).json();
  return { prf: clientExtensionResults.prf?.results?.first, status: answer.status, signed_in };
}"""


@pytest.mark.parametrize("where", ["body", "credential"])
async def test_a_sign_in_that_brings_the_prf_output_is_refused(town: Town, phone: Phone, where: str) -> None:
    sian = Resident(town, phone)
    await phone.page.goto(town.issuer)
    await sian.create_vault()
    await phone.look(HOME)
    await sian.go("Lock vault")
    await phone.look(UNLOCK)
    phone.foresee(r"status of 4\d\d .*/api/login/passkey")
    refused: Any = await phone.page.evaluate(SIGN_IN, {"extra": True, "where": where})
    assert len(refused["prf"]) == 43, "there was something to refuse"
    assert refused["status"] in (400, 422)
    assert not refused["signed_in"]
    # All else being equal, the same sign-in without it is welcome.
    welcome: Any = await phone.page.evaluate(SIGN_IN, {"extra": False, "where": where})
    assert welcome["status"] == 200
    assert welcome["signed_in"]
