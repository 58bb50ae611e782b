// openid-client as it comes, at a desk: its device flow with a signed request object, and DPoP from the first poll.
import { randomUUID } from 'node:crypto'
import * as client from 'openid-client'
import { SignJWT, importJWK } from 'jose'
import { ask, done, given } from './test.mjs'

const signing = { key: await importJWK(given.sig, 'ES256'), kid: given.sig.kid }
const config = await client.discovery(new URL(given.issuer), given.client_id, {}, client.PrivateKeyJwt(signing), {
  execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
})
const pair = await client.randomDPoPKeyPair('ES256')
const DPoP = client.getDPoPHandle(config, pair)
const dpop_jkt = await DPoP.calculateThumbprint()
const results = {}

async function begin() {
  const parameters = { scope: 'openid', dpop_jkt, authorization_details: JSON.stringify(given.details) }
  const { searchParams } = await client.buildAuthorizationUrlWithJAR(config, parameters, signing)
  return client.initiateDeviceAuthorization(config, { request: searchParams.get('request') })
}

// What RFC 8628 does not know: the digits that staff type, with an assertion and a proof of the same key.
async function compare(device_code, digits, nonce) {
  const url = `${given.issuer}/oauth/device/digits`
  const now = Math.floor(Date.now() / 1000)
  const assertion = await new SignJWT({ iss: given.client_id, sub: given.client_id, aud: given.issuer, jti: randomUUID(), iat: now, exp: now + 60 })
    .setProtectedHeader({ alg: 'ES256', kid: given.sig.kid }).sign(signing.key)
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey)
  const proof = await new SignJWT({ jti: randomUUID(), htm: 'POST', htu: url, iat: now, ...(nonce ? { nonce } : {}) })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: { kty, crv, x, y } }).sign(pair.privateKey)
  const answer = await fetch(url, {
    method: 'POST',
    headers: { DPoP: proof },
    body: new URLSearchParams({
      device_code, digits, client_assertion: assertion,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    }),
  })
  const said = await answer.json()
  return said.error === 'use_dpop_nonce' ? compare(device_code, digits, answer.headers.get('dpop-nonce')) : said
}

const first = await begin()
results.begun = Object.keys(first).sort()
results.digits = await compare(first.device_code, await ask({ scan: first.verification_uri_complete }))
const polled = client.pollDeviceAuthorizationGrant(config, first, undefined, { DPoP })
await ask({ decide: 'yes' })
const tokens = await polled
results.sub = tokens.claims().sub
results.grant_id = tokens.grant_id
results.proof = typeof tokens.subject_proof
results.told = (await client.fetchUserInfo(config, tokens.access_token, results.sub, { DPoP })).sub
const data = await client.fetchProtectedResource(config, tokens.access_token, new URL(`${given.issuer}/data`), 'GET', null, undefined, { DPoP })
results.read = data.headers.get('content-type')

const second = await begin()
await compare(second.device_code, await ask({ scan: second.verification_uri_complete }))
const refused = client.pollDeviceAuthorizationGrant(config, second, undefined, { DPoP }).then(() => null, (error) => error.error)
await ask({ decide: 'no' })
results.declined = await refused
done(results)
