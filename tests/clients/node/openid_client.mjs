// openid-client as it comes: every flow that it has and the vault offers.
import * as client from 'openid-client'
import { compactDecrypt, compactVerify, importJWK } from 'jose'
import { ask, done, given } from './test.mjs'

const signing = { key: await importJWK(given.sig, 'ES256'), kid: given.sig.kid }
const ordinary = await client.discovery(new URL(given.issuer), given.client_id, {}, client.PrivateKeyJwt(signing), {
  execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
})
const config = ordinary
const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
const results = {}

async function through(parameters, { signed, as: config = ordinary }) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const expectedState = parameters.state ?? client.randomState()
  const expectedNonce = client.randomNonce()
  const asked = {
    redirect_uri: given.redirect_uri,
    scope: 'openid',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
    ...parameters,
  }
  const request = signed ? (await client.buildAuthorizationUrlWithJAR(config, asked, signing)).searchParams : asked
  const url = await client.buildAuthorizationUrlWithPAR(config, request, { DPoP })
  const back = new URL(await ask({ open: url.href }))
  return client.authorizationCodeGrant(config, back, { pkceCodeVerifier, expectedState, expectedNonce }, undefined, { DPoP })
}

const refusal = async (promise) => {
  const error = await promise.then(() => ({}), (thrown) => thrown)
  return { name: error.name, error: error.error, rule: error.cause?.rule, member: error.cause?.member, uri: error.cause?.error_uri }
}

// A sign-in, unsigned and signed, and who it was.
for (const signed of [false, true]) {
  const tokens = await through({ max_age: '3600' }, { signed })
  const sub = tokens.claims().sub
  const told = await client.fetchUserInfo(config, tokens.access_token, sub, { DPoP })
  results[signed ? 'signed' : 'unsigned'] = { sub, told: told.sub, acr: tokens.claims().acr, refresh: tokens.refresh_token ?? null }
}

// The answer signed by the vault (JARM).
const jarm = new client.Configuration(config.serverMetadata(), given.client_id, {}, client.PrivateKeyJwt(signing))
for (const choose of [client.allowInsecureRequests, client.useJwtResponseMode, client.enableNonRepudiationChecks]) choose(jarm)
results.jarm = (await through({}, { signed: true, as: jarm })).claims().sub

// Details, for as long as the resident lets us.
const tokens = await through({ authorization_details: JSON.stringify(given.details) }, { signed: true })
results.granted = { grant_id: tokens.grant_id, details: tokens.authorization_details, sub: tokens.claims().sub }
const read = async (token) => {
  const answer = await client.fetchProtectedResource(config, token, new URL(`${given.issuer}/data`), 'GET', null, undefined, { DPoP })
  const opened = await compactDecrypt(await answer.text(), await importJWK(given.enc, 'ECDH-ES+A256KW'), {
    keyManagementAlgorithms: ['ECDH-ES+A256KW'], contentEncryptionAlgorithms: ['A256GCM'],
  })
  const signed = await compactVerify(opened.plaintext, (header) => importJWK(header.jwk, 'ES256'), { algorithms: ['ES256'] })
  return { type: answer.headers.get('content-type'), claims: JSON.parse(new TextDecoder().decode(signed.payload)).claims }
}
results.first = await read(tokens.access_token)

const fresh = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP })
results.second = await read(fresh.access_token)
results.introspected = await client.tokenIntrospection(config, fresh.access_token)

// What goes wrong has the server's own words.
const detail = { ...given.details[0], purpose: 'marketing' }
results.outside = await refusal(through({ authorization_details: JSON.stringify([detail]) }, { signed: true }))
const stranger = { key: (await client.randomDPoPKeyPair('ES256')).privateKey, kid: given.sig.kid }
const unknown = new client.Configuration(config.serverMetadata(), given.client_id, {}, client.PrivateKeyJwt(stranger))
client.allowInsecureRequests(unknown)
results.stranger = await refusal(client.buildAuthorizationUrlWithPAR(unknown, { scope: 'openid' }))
results.declined = await refusal(through({ authorization_details: JSON.stringify(given.details), state: 'no' }, { signed: true }))

// The service gives one token up; the resident ends the rest.
await client.tokenRevocation(config, fresh.access_token)
results.given_up = await client.tokenIntrospection(config, fresh.access_token)
await ask({ revoke: tokens.grant_id })
const stopped = await client.fetchProtectedResource(
  config, tokens.access_token, new URL(`${given.issuer}/data`), 'GET', null, undefined, { DPoP },
).then(() => null, (error) => error.cause)
results.stopped = { scheme: stopped?.[0]?.scheme, ...stopped?.[0]?.parameters }
results.refresh = await refusal(client.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP }))

// A token for the service itself, and what a grant allows: then it gives the grant back.
const again = await through({ authorization_details: JSON.stringify(given.details) }, { signed: true })
const managing = await client.clientCredentialsGrant(config, { scope: 'grant_management_query grant_management_revoke' }, { DPoP })
const grant = new URL(`${config.serverMetadata().grant_management_endpoint}/${again.grant_id}`)
const manage = (method) => client.fetchProtectedResource(config, managing.access_token, grant, method, null, undefined, { DPoP })
results.looked_up = await (await manage('GET')).json()
results.given_back = (await manage('DELETE')).status
results.gone = (await client.tokenIntrospection(config, again.access_token)).active

// And the resident signs out, here and for every service.
const state = client.randomState()
const leaving = client.buildEndSessionUrl(config, {
  id_token_hint: again.id_token, post_logout_redirect_uri: given.post_logout_redirect_uri, state,
})
const left = await ask({ leave: leaving.href })
results.left = { asks: left.asks, back: left.back === `${given.post_logout_redirect_uri}?state=${state}` }
done(results)
