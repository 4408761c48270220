// A real identity provider for the tests: the certified oidc-provider with its own forms for login and consent.
// It takes any login; addresses are LOGIN@council.example, verified. Run: node provider.mjs FOLDER-WITH-NODE_MODULES
import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { generateKeyPairSync } from 'node:crypto';

const require = createRequire(path.join(path.resolve(process.argv[2]), 'package.json'));
const { default: Provider } = await import(pathToFileURL(require.resolve('oidc-provider')).href);

// The port is known before the provider, which has to know its own address.
const server = createServer();
await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
const issuer = `http://127.0.0.1:${server.address().port}`;

const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
const audience = 'urn:manyhands:test';

const provider = new Provider(issuer, {
  jwks: { keys: [{ ...key, kid: 'first', use: 'sig', alg: 'RS256' }] },
  clients: [{
    client_id: 'manyhands',
    client_secret: 'a-secret-of-the-tests',
    grant_types: ['authorization_code'],
    response_types: ['code'],
    // Servers under test take free ports: native clients may come back to any port of this machine (RFC 8252).
    application_type: 'native',
    redirect_uris: ['http://127.0.0.1/sign-in/callback'],
    token_endpoint_auth_method: 'client_secret_basic',
  }, {
    // Somebody else's app, which asks for access tokens to the server under test.
    client_id: 'app',
    grant_types: ['authorization_code'],
    response_types: ['code'],
    application_type: 'native',
    redirect_uris: ['http://127.0.0.1/app'],
    token_endpoint_auth_method: 'none',
  }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  pkce: { required: () => true },
  cookies: { keys: ['a-key-of-the-tests'] },
  features: {
    devInteractions: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({ scope: 'ask', audience, accessTokenFormat: 'jwt' }),
    },
  },
  async findAccount(_, id) {
    const claims = { sub: id, email: `${id}@council.example`, email_verified: true, name: `Person ${id}` };
    return { accountId: id, claims: () => claims };
  },
});

server.on('request', provider.callback());
console.log(issuer);
