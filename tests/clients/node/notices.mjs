// A notice and a logout token as they were posted, verified by `jose` alone and by the keys that the issuer publishes.
import { createLocalJWKSet, jwtVerify } from 'jose'
import { done, given } from './test.mjs'

const { issuer, client_id: audience, jwks, notice, logout, id_token: idToken } = given
const keys = createLocalJWKSet(jwks)
const options = { issuer, audience, algorithms: ['ES256'] }
const verify = (token, typ, requiredClaims) => jwtVerify(token, keys, { ...options, typ, requiredClaims })
  .then(({ payload }) => payload, (error) => error.code)

done({
  notice: await verify(notice, 'secevent+jwt', ['jti', 'iat', 'sub_id', 'events']),
  logout: await verify(logout, 'logout+jwt', ['jti', 'iat', 'exp', 'sub', 'sid', 'events']),
  id_token: await verify(idToken, 'JWT', ['sid']),
  mixed: await Promise.all([verify(notice, 'logout+jwt', []), verify(logout, 'JWT', []), verify(idToken, 'logout+jwt', [])]),
})
