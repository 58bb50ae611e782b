// oauth4webapi as it comes, with Ed25519 keys for everything that the service signs, DPoP proofs included.
import * as oauth from 'oauth4webapi'
import { importJWK } from 'jose'
import { ask, done, given } from './test.mjs'

const insecure = { [oauth.allowInsecureRequests]: true }
const issuer = new URL(given.issuer)
const results = {}

// From the address of the data to the server that guards it (RFC 9728), then its metadata (RFC 8414 and OpenID Connect).
const data = new URL(`${given.issuer}/data`)
const resource = await oauth.processResourceDiscoveryResponse(data, await oauth.resourceDiscoveryRequest(data, insecure))
results.servers = resource.authorization_servers
const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure }))
const oidc = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...insecure }))
results.same = JSON.stringify(as) === JSON.stringify(oidc)

const client = { client_id: given.client_id }
const signing = { key: await importJWK(given.sig, 'Ed25519'), kid: given.sig.kid }
const auth = oauth.PrivateKeyJwt(signing)
const keys = await oauth.generateKeyPair('Ed25519')
const DPoP = oauth.DPoP(client, keys)
const options = { DPoP, ...insecure }

// One retry with the nonce, where the server demands one (RFC 9449 section 8).
const again = async (act) => {
  try { return await act() } catch (error) { if (oauth.isDPoPNonceError(error)) return act(); throw error }
}

const verifier = oauth.generateRandomCodeVerifier()
const state = oauth.generateRandomState()
const nonce = oauth.generateRandomNonce()
const request = await oauth.issueRequestObject(as, client, new URLSearchParams({
  response_type: 'code',
  response_mode: 'jwt',
  redirect_uri: given.redirect_uri,
  scope: 'openid',
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
  state,
  nonce,
  dpop_jkt: await DPoP.calculateThumbprint(),
  authorization_details: JSON.stringify(given.details),
}), signing)
const pushed = await again(async () => oauth.processPushedAuthorizationResponse(
  as, client, await oauth.pushedAuthorizationRequest(as, client, auth, { request }, options)))
const url = new URL(as.authorization_endpoint)
url.search = new URLSearchParams({ client_id: client.client_id, request_uri: pushed.request_uri })
const answered = new URL(await ask({ open: url.href }))
results.signed = [...answered.searchParams.keys()]
const back = await oauth.validateJwtAuthResponse(as, client, answered, state, insecure)

const answer = await again(async () => oauth.processAuthorizationCodeResponse(
  as, client,
  await oauth.authorizationCodeGrantRequest(as, client, auth, back, given.redirect_uri, verifier, options),
  { expectedNonce: nonce, requireIdToken: true }))
const claims = oauth.getValidatedIdTokenClaims(answer)
results.sub = claims.sub
results.token = { type: answer.token_type, expires_in: answer.expires_in, grant_id: answer.grant_id }
const told = await again(async () => oauth.processUserInfoResponse(
  as, client, claims.sub, await oauth.userInfoRequest(as, client, answer.access_token, options)))
results.told = told.sub

const read = (token) => again(async () => oauth.protectedResourceRequest(token, 'GET', data, undefined, null, options))
results.read = (await read(answer.access_token)).status
const renewed = await again(async () => oauth.processRefreshTokenResponse(
  as, client, await oauth.refreshTokenGrantRequest(as, client, auth, answer.refresh_token, options)))
results.renewed = renewed.access_token !== answer.access_token && renewed.refresh_token === undefined
const look = async (token) => oauth.processIntrospectionResponse(
  as, client, await oauth.introspectionRequest(as, client, auth, token, insecure))
results.introspected = await look(renewed.access_token)
results.jkt = await DPoP.calculateThumbprint()

await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, auth, answer.refresh_token, insecure))
results.after = [(await look(renewed.access_token)).active, (await look(answer.refresh_token)).active]
const refused = await read(answer.access_token).then(() => null, (error) => error)
results.challenge = refused?.cause?.[0]?.parameters
done(results)
