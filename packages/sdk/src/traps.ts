/** Behaviour of a provider, a library or a document that nobody would guess, and what to write instead. */
export interface Trap {
  /** The trap in a few words, without a full stop. */
  readonly title: string;
  /** The symptom. */
  readonly seen: string;
  /** Its cause. */
  readonly why: string;
  /** The correct way, for readers. */
  readonly instead: string;
  /** The software and its version in which the behaviour was seen. */
  readonly versions: string;
  /** The standard, or the public place, that decides what is right. */
  readonly source: string;
  /** The day on which it was last seen at these versions, if that is not `TRAPS_SEEN`. */
  readonly date?: string;
}

/** The day on which the behaviour of a trap was last seen at the versions that it names, unless the trap says another. */
export const TRAPS_SEEN = '2026-11-28';

const LATER = '2026-11-30';

/** The name of a trap: its page is `connector explain trap/<name>`. */
export type TrapName = keyof typeof TRAPS;

/** The traps, by name. Whatever can tell that somebody is in one names it: a rule, a note of a trace, an import. */
export const TRAPS = {
  'pkce-method-missing': {
    title: 'a code challenge without its method',
    seen: 'The authorization is refused with invalid_request, or the browser shows an error page of the provider.',
    why: 'Without code_challenge_method the method is plain. oidc-provider refuses a request that leaves it out, although the standard gives it a default.',
    instead: 'Send "code_challenge_method": "S256" beside code_challenge.',
    versions: 'oidc-provider 9.13.3',
    source: 'RFC 7636, section 4.3',
  },
  'pkce-plain': {
    title: 'the PKCE method plain',
    seen: 'The authorization is refused with invalid_request.',
    why: 'Strict providers take S256 alone. oidc-provider refuses plain even where its settings seem to allow it: the setting that lists methods is ignored without a word.',
    instead:
      "Send the SHA-256 of the verifier: {{base64url(sha256(temp.code_verifier, 'base64'))}} with the method S256.",
    versions: 'oidc-provider 9.13.3',
    source: 'RFC 7636, section 4.2; RFC 9700, section 2.1.1',
  },
  'pkce-short-verifier': {
    title: 'a code verifier of fewer than 43 characters',
    seen: 'The authorization succeeds; the token request is answered with 400.',
    why: 'The verifier is only seen by the token endpoint, so that an authorization with a short one begins well. One {{uuid}} has 36 characters.',
    instead: 'Write {{uuid}}.{{uuid}}, which has 73 characters.',
    versions: 'oidc-provider 9.13.3',
    source: 'RFC 7636, section 4.1',
  },
  'pkce-challenge-form': {
    title: 'a code challenge in hex or in base64',
    seen: 'In base64 the authorization is refused with invalid_request; in hex it succeeds, and the token request fails with invalid_grant.',
    why: 'A challenge in hex looks like any other text to the authorization endpoint, and is compared only when the verifier arrives. One in base64 has characters that the endpoint does not allow.',
    instead: "Write {{base64url(sha256(temp.code_verifier, 'base64'))}}, which has 43 characters.",
    versions: 'oidc-provider 9.13.3',
    source: 'RFC 7636, section 4.2',
  },
  'basic-not-encoded': {
    title: 'a client id or secret in Basic without form-encoding',
    seen: 'The token request is answered with 401 although id and secret are right; with a % in them it is 400.',
    why: 'OAuth form-encodes both before they go into Basic. oidc-provider decodes them: a + becomes a blank, so that the secret differs, and a % that begins no escape cannot be decoded. @n8n/client-oauth2 and curl -u send them as they are.',
    instead:
      "Write Basic {{base64(encodeURL(parameters.clientId) + ':' + encodeURL(parameters.clientSecret))}}, or send both in the form body.",
    versions: 'oidc-provider 9.13.3, @n8n/client-oauth2, curl 7.88',
    source: 'RFC 6749, section 2.3.1',
  },
  'basic-encoded': {
    title: 'a client id or secret in Basic that the server does not decode',
    seen: 'The token request is answered with 401 as soon as the id or the secret has a character other than letters, digits and - . _ ~.',
    why: "Many servers take Basic as HTTP has it, without the encoding that OAuth adds; @node-oauth/oauth2-server is one. simple-oauth2 escapes even ! * ' ( and ), which other clients leave.",
    instead:
      "Write Basic {{base64(parameters.clientId + ':' + parameters.clientSecret)}} for such an API, or send both in the form body.",
    versions: '@node-oauth/oauth2-server 5.3, simple-oauth2 5.1, @badgateway/oauth2-client 3.3, oauth4webapi 3.8',
    source: 'RFC 7617, section 2; RFC 6749, section 2.3.1',
  },
  'basic-charset': {
    title: 'a user name or a password in Basic with characters beyond ASCII',
    seen: 'One client can connect, and another one with the same password is answered with 401.',
    why: 'HTTP leaves the encoding open. IML, axios, request, needle, Node.js and curl send UTF-8; swagger-client, and with it the page on which many vendors let users try their API, sends Latin-1, and of a € one byte that is part of neither.',
    instead:
      'Ask for a password of ASCII characters, or for an API key; look in the challenge for charset="UTF-8", by which an API says that it takes UTF-8.',
    versions: 'swagger-client 3.37.3, axios 1.21.1, request 2.88.2, needle 3.5.0, curl 7.88',
    source: 'RFC 7617, section 2.1',
    date: LATER,
  },
  'client-auth-method': {
    title: 'a client secret in the other place',
    seen: 'The token request works at a local provider, and is answered with invalid_client by the API.',
    why: 'A secret is sent in the header Authorization or in the form body, and an API may accept one of them only. oidc-provider and @node-oauth/oauth2-server accept both, whatever the client is registered for. Libraries differ: simple-oauth2, @badgateway/oauth2-client and @n8n/client-oauth2 send the header unless told otherwise; oauth, axios-oauth-client and google-auth-library send the body.',
    instead:
      'Send it where the vendor’s documentation has it, and nowhere else: oidc-provider refuses a secret in both places. An import takes --client-auth header or --client-auth body.',
    versions:
      'oidc-provider 9.13.3, @node-oauth/oauth2-server 5.3.0, simple-oauth2 5.1.0, @badgateway/oauth2-client 3.3.1, @n8n/client-oauth2 1.23.1, oauth 0.10.2, axios-oauth-client 2.2.0, google-auth-library 11.3.4',
    source: 'RFC 6749, section 2.3.1',
    date: LATER,
  },
  'refresh-token-reused': {
    title: 'a refresh token that is used a second time',
    seen: 'A refresh is answered with invalid_grant, and from then on the newest refresh token is refused as well.',
    why: 'With rotation each refresh token can be used once. A second use looks like theft, and the provider revokes everything that was ever granted with it: two connections that share a token end each other. google-auth-library goes on with the first refresh token even where the answer brings a new one, which only its event tokens shows.',
    instead:
      'Store {{ifempty(body.refresh_token, data.refreshToken)}} at each refresh, never keep a copy of a connection, and connect again.',
    versions: 'oidc-provider 9.13.3, google-auth-library 11.3.4',
    source: 'RFC 9700, section 4.14.2',
  },
  'refresh-token-missing': {
    title: 'a refresh that brings no new refresh token',
    seen: 'The first refresh works, and the second one fails: an empty refresh token is sent.',
    why: "A provider that does not rotate leaves refresh_token out. openid-client's result then has none, simple-oauth2 posts an empty one at the next refresh without an error, and @badgateway/oauth2-client keeps the old one.",
    instead: 'Store {{ifempty(body.refresh_token, data.refreshToken)}}, and test two refreshes one after the other.',
    versions: 'simple-oauth2 5.1, openid-client 6.8.9, @badgateway/oauth2-client 3.3',
    source: 'RFC 6749, section 6',
  },
  'refresh-token-null': {
    title: 'refresh_token with the value null or an empty text',
    seen: 'The connection works until its access token expires, and cannot be refreshed.',
    why: 'Some APIs write the member without a token in it. oauth4webapi refuses such an answer; most clients store it in the place of the token that they had.',
    instead: 'Store {{ifempty(body.refresh_token, data.refreshToken)}}: it takes null and "" for no token.',
    versions: 'oauth4webapi 3.8, @badgateway/oauth2-client 3.3',
    source: 'RFC 6749, section 5.1',
  },
  'offline-access-ignored': {
    title: 'offline_access without a consent',
    seen: 'The scope offline_access is requested, the connection is made without an error, and no refresh token comes.',
    why: 'OpenID Connect ties offline_access to a consent. oidc-provider takes it out of the scope without a word unless the request has prompt=consent; then the token answer has it in its scope, and a refresh token.',
    instead: 'Send "prompt": "consent" in the qs of authorize where the provider requires it.',
    versions: 'oidc-provider 9.13.3',
    source: 'OpenID Connect Core 1.0, section 11',
    date: LATER,
  },
  'redirect-other-host': {
    title: 'a redirect URI that leads elsewhere',
    seen: 'The browser does not come back to the command, or the provider refuses the redirect URI.',
    why: 'Providers compare redirect URIs character by character. For programs on a desktop they take any port of a registered http://127.0.0.1, but localhost and [::1] are other hosts.',
    instead:
      'Send {{oauth.localRedirectUri}} or {{oauth.redirectUri}}, and register that address with the provider exactly as it is printed.',
    versions: 'oidc-provider 9.13.3',
    source: 'RFC 8252, section 7.3; RFC 9700, section 2.1',
  },
  'resource-unknown': {
    title: 'a resource or an audience that the provider does not know',
    seen: 'The authorization or the token request is refused with invalid_target.',
    why: 'A resource is an address that was registered at the provider. A provider that has none refuses every value, also the address of its own API.',
    instead: 'Leave resource out, or copy the identifier that the provider shows for its API, final slash included.',
    versions: 'oidc-provider 9.13.3',
    source: 'RFC 8707, section 2',
  },
  'assertion-without-jti': {
    title: 'a client assertion without an identifier of its own',
    seen: 'The token request is refused with invalid_client, as if the key were wrong.',
    why: 'oidc-provider wants jti in every assertion of a client, and says so only in its own events. The audience may be the issuer, the token endpoint or a list with one of them.',
    instead: 'Add "jti": "{{uuid}}" beside iss, sub, aud and exp.',
    versions: 'oidc-provider 9.13.3',
    source: 'RFC 7523, section 3; OpenID Connect Core 1.0, section 9',
  },
  'assertion-times': {
    title: 'a time of an assertion in another unit or type',
    seen: 'The token request is refused with invalid_client or invalid_grant, or works with one provider and not with another.',
    why: 'exp, iat and nbf are numbers of seconds. oidc-provider refuses a text, says why in its own events alone, and takes milliseconds for a date in a far future, as jose, jsonwebtoken and fast-jwt do; APIs that limit the lifetime refuse that. Libraries differ about the number 120 as a lifetime: 120 seconds in jsonwebtoken, 120 milliseconds in fast-jwt, and the year 1970 in jose.',
    instead:
      'Write "expiresIn": 300 in the options of jwt, or for the claim itself {{parseNumber(formatDate(addMinutes(now, 5), \'X\'))}}.',
    versions: 'oidc-provider 9.13.3, jose 6.2.18, jsonwebtoken 9.0.3, fast-jwt 6.3.6',
    source: 'RFC 7519, section 2 (NumericDate); RFC 7523, section 3',
    date: LATER,
  },
  'error-status': {
    title: 'an error of the token endpoint with an unusual status',
    seen: 'A section that looks for the status 400 does not recognize a refused refresh token.',
    why: 'The standard has 400 for all errors but invalid_client. oauth2orize answers invalid_grant with 403 and an unknown grant with 501, and behind passport a wrong client secret with the text Unauthorized, which is no JSON.',
    instead: 'Compare body.error, not statusCode, and name {{ifempty(body.error_description, body)}} in the error.',
    versions: 'oauth2orize 1.12.0, passport 0.7.0',
    source: 'RFC 6749, section 5.2',
    date: LATER,
  },
  'token-error-in-success': {
    title: 'an error with the status 200',
    seen: 'The connection seems to succeed, and its access token is empty.',
    why: 'Some APIs answer a refused token request with 200 and an error in the body. simple-oauth2 then gives a token without a value, and @badgateway/oauth2-client throws a TypeError.',
    instead: 'Write "valid": "{{!body.error}}" under response, and name body.error_description in its error.',
    versions: 'simple-oauth2 5.1, @badgateway/oauth2-client 3.3',
    source: 'RFC 6749, section 5.2',
  },
  'token-in-a-form': {
    title: 'a token answer that is a form',
    seen: 'Numbers arrive as texts; a client that expects JSON finds no token.',
    why: 'Some APIs answer with application/x-www-form-urlencoded unless the request has Accept: application/json. simple-oauth2 ends with 406, and with its option for JSON gives a token made of bytes that never expires.',
    instead: 'Send the header "Accept": "application/json", or read the texts with parseNumber.',
    versions: 'simple-oauth2 5.1',
    source: 'RFC 6749, section 5.1',
  },
  'token-as-text': {
    title: 'an answer whose Content-Type does not say what it is',
    seen: '{{body.access_token}} is empty, although the answer has a token.',
    why: 'What is not labelled as JSON or as a form is one text. @makehq/sdk goes wrong in the same place: an answer of Make that is not labelled exactly application/json becomes an empty list or undefined, without an error.',
    instead: 'Set "type": "json" or "type": "urlencoded" under response.',
    versions: '@makehq/sdk 1.6.10',
    source: 'RFC 9110, section 8.3',
  },
  'token-type-missing': {
    title: 'a token answer without token_type',
    seen: 'Strict clients refuse the answer; others take the token for a Bearer token.',
    why: 'The member is required, and some APIs leave it out. oauth4webapi refuses such an answer, and takes "BEARER" in any case of its letters.',
    instead: 'Send the token as the API documents it, mostly "Authorization": "Bearer {{connection.accessToken}}".',
    versions: 'oauth4webapi 3.8',
    source: 'RFC 6749, section 5.1',
  },
  'token-type-other': {
    title: 'a token_type other than Bearer',
    seen: 'One client sends the token behind another word than Bearer, and another one refuses the answer.',
    why: 'The member says how a token is sent. oauth4webapi refuses a type that it does not know; swagger-client sends the type itself as the word before the token. Some APIs put the kind of their account there, such as bot, and expect Bearer all the same.',
    instead: 'Send the token as the API documents it, mostly "Authorization": "Bearer {{connection.accessToken}}".',
    versions: 'oauth4webapi 3.8.8, swagger-client 3.37.3',
    source: 'RFC 6749, section 7.1',
    date: LATER,
  },
  'expiry-as-text': {
    title: 'expires_in that is a text',
    seen: 'A client adds texts in the place of numbers, or refuses the answer.',
    why: 'Some APIs write "3600" in quotes. oauth4webapi takes it for a number; a text that no number is in makes a date that is none. In jsonwebtoken the text \'120\' means 120 milliseconds, the number 120 means seconds.',
    instead: 'Write {{addSeconds(now, parseNumber(body.expires_in))}}.',
    versions: 'oauth4webapi 3.8, jsonwebtoken 9',
    source: 'RFC 6749, section 5.1',
  },
  'expiry-unknown': {
    title: 'a token answer without a usable expires_in',
    seen: 'The connection is never refreshed, or before each use, depending on what the condition makes of nothing.',
    why: 'The member is only recommended. Some APIs leave it out, some write null, which oauth4webapi refuses.',
    instead:
      'Store a time of your own, such as {{addSeconds(now, ifempty(body.expires_in, 3600))}}, as the API documents it.',
    versions: 'oauth4webapi 3.8',
    source: 'RFC 6749, section 5.1',
  },
  'expiry-zero': {
    title: 'expires_in with the value 0',
    seen: 'The connection is refreshed before each use, or never.',
    why: 'Some APIs write 0 for a token that does not expire. @badgateway/oauth2-client takes it for such a one, simple-oauth2 for one that has expired, and oauth4webapi hands the 0 on.',
    instead:
      'Store {{addSeconds(now, if(body.expires_in > 0, body.expires_in, 3600))}}, or no expiry if the API documents that tokens do not expire.',
    versions: '@badgateway/oauth2-client 3.3.1, simple-oauth2 5.1.0, oauth4webapi 3.8.8',
    source: 'RFC 6749, section 5.1',
    date: LATER,
  },
  'scope-as-list': {
    title: 'scope that is a list',
    seen: 'A client that splits a text at its blanks fails, or finds no scope.',
    why: 'The standard has one text with blanks between scopes. Some APIs answer with a JSON list, which oauth4webapi refuses.',
    instead: "Store the list as it is, or join(body.scope, ' ').",
    versions: 'oauth4webapi 3.8',
    source: 'RFC 6749, section 3.3',
  },
  'scope-narrowed': {
    title: 'fewer scopes than were requested',
    seen: 'The connection is made, and later a request is refused with 403 or insufficient_scope.',
    why: 'A provider may grant less than was requested, by what the user or an administrator allowed, and has to say so in scope. oidc-provider leaves scopes out of the grant that it does not know.',
    instead: 'Compare body.scope with what the modules need, in "valid" of the token request.',
    versions: 'oidc-provider 9.13.3',
    source: 'RFC 6749, section 3.3',
    date: LATER,
  },
  'digest-uri': {
    title: 'the query string in a digest',
    seen: 'A request without a query is accepted, and the same with one is refused with 401.',
    why: 'The uri of a digest is the whole target, path and query. zapier-platform-core and @mhoc/axios-digest-auth sign the path alone.',
    instead: 'Build uri from the path and the encoded query string, exactly as they are sent.',
    versions: 'zapier-platform-core 19.1, @mhoc/axios-digest-auth 0.8.0',
    source: 'RFC 7616, section 3.4',
  },
  'digest-qop-list': {
    title: 'a challenge that offers several values of qop',
    seen: 'Servers refuse an answer that repeats the list, or that has no qop at all.',
    why: 'qop="auth,auth-int" offers a choice; the answer names one of them, without quotes. newman drops such a list and answers without qop, and its run counts no failure.',
    instead: 'Send qop=auth when the list contains auth.',
    versions: 'newman 6.2',
    source: 'RFC 7616, section 3.3',
  },
  'digest-realm': {
    title: 'a realm with a comma',
    seen: 'The digest is refused with 401 although user name and password are right.',
    why: 'A realm is a quoted text, in which a comma is part of the text. Bruno cuts it there and computes the hash of half a realm.',
    instead: 'Use the realm between its quotes, with all its characters.',
    versions: 'Bruno 4.1',
    source: 'RFC 7616, section 3.3; RFC 9110, section 5.6.4',
  },
  'digest-nonce': {
    title: 'a nonce with equals signs',
    seen: 'The digest is refused with 401 although user name and password are right.',
    why: 'A nonce is a quoted text, and many servers write it in base64, which ends with =. @mhoc/axios-digest-auth cuts each parameter of the challenge at its equals signs, and answers with the part before.',
    instead: 'Use the nonce between its quotes, with all its characters.',
    versions: '@mhoc/axios-digest-auth 0.8.0',
    source: 'RFC 7616, section 3.3; RFC 9110, section 5.6.4',
    date: LATER,
  },
  'digest-algorithm': {
    title: 'a digest with another algorithm than MD5',
    seen: 'The digest is refused with 401, or no answer to the challenge is sent at all.',
    why: 'The challenge names the algorithm, and the answer has to repeat it. newman answers MD5 whatever is asked, Bruno leaves a challenge of SHA-256 unanswered, digest-header leaves the algorithm out and sends 32 digits, request sends 32 digits beside algorithm=SHA-256, and curl answers SHA-512-256 with the hash of SHA-256.',
    instead: 'Compute with the function of the algorithm, and send algorithm=SHA-256 without quotes.',
    versions: 'newman 6.2, Bruno 4.1, digest-header 1.1, request 2.88.2, zapier-platform-core 19.1, curl 7.88',
    source: 'RFC 7616, section 3.4',
  },
  'digest-stale-nonce': {
    title: 'a nonce that is no longer valid',
    seen: 'Every second request is refused with 401 and stale=true.',
    why: 'The counter nc belongs to one nonce and starts again at 00000001 with a new one. digest-fetch goes on counting, and urllib counts all requests of a process; strict servers refuse both.',
    instead: 'Ask for a new challenge before each request, and send nc=00000001.',
    versions: 'digest-fetch 3.1, urllib 4.9',
    source: 'RFC 7616, section 3.4',
  },
  'several-challenges': {
    title: 'an API that offers several ways to authorize',
    seen: 'One client can connect, and another one with the same password cannot.',
    why: 'A response can have several WWW-Authenticate headers, or several challenges in one. curl takes the first Digest challenge and leaves the others.',
    instead: 'Choose the strongest one that the sections can compute, and send only that.',
    versions: 'curl 7.88',
    source: 'RFC 9110, section 11.6.1',
  },
  'oauth1-parameters': {
    title: 'a signature of OAuth 1 over repeated or encoded parameters',
    seen: 'Simple requests are accepted, and those with a repeated, an empty or an encoded parameter are refused with 401.',
    why: 'Every parameter counts, as often as it occurs, encoded once. oauth-1.0a loses the second one of a name and encodes %40 twice; oauth-signature leaves the query string of the URL out; oauth, on which passport-oauth1 is built, signs a=1&a=2 as a[0]=1&a[1]=2.',
    instead:
      'Sign as RFC 5849 says; connections of the type oauth1 are signed so here. Where a vendor computed the signature with such a library, send each parameter once.',
    versions: 'oauth-1.0a 2.2.6, oauth-signature 1.5, oauth-sign, oauth 0.10.2',
    source: 'RFC 5849, section 3.4.1.3',
  },
  'openapi-no-security': {
    title: 'a description without any security',
    seen: 'An import finds nothing about how requests are authorized.',
    why: 'Vendors of large descriptions leave securitySchemes out: @octokit/openapi with 1,223 operations, rclone-openapi and @ideal-postcodes/openapi, whose key is a query parameter that is nowhere required.',
    instead: 'Pass --auth with the way in the vendor’s documentation.',
    versions: '@octokit/openapi 23.0.2, rclone-openapi 1.75.0, @ideal-postcodes/openapi 4.21.0',
    source: 'OpenAPI 3.1.1, Security Requirement Object',
  },
  'openapi-no-server': {
    title: 'a description without the address of the API',
    seen: 'The generated requests have a placeholder in the place of the host.',
    why: 'A product that its users host themselves has no address that it could name; @directus/specs leaves servers out.',
    instead: 'Pass --server with the address, or make it a field of the form.',
    versions: '@directus/specs 15.2.0',
    source: 'OpenAPI 3.1.1, OpenAPI Object, servers',
  },
  'openapi-key-in-authorization': {
    title: 'an API key in the header Authorization',
    seen: 'Requests are refused although the key is right: the word before it is missing.',
    why: 'A description can call Authorization an apiKey, as @directus/specs does, and does not say which word stands before the key.',
    instead: 'Look the word up in the vendor’s documentation; Bearer is the most frequent one.',
    versions: '@directus/specs 15.2.0',
    source: 'OpenAPI 3.1.1, Security Scheme Object; RFC 9110, section 11.6.2',
  },
  'openapi-same-place': {
    title: 'several security schemes for one header',
    seen: 'An import makes one connection of two security schemes, or users take the wrong one of two keys.',
    why: 'A description can name several kinds of keys that are sent in the same place, and no request shows which one it carries. @figma/rest-api-spec has a personal and a plan access token, both in X-Figma-Token.',
    instead: 'Say in the help of the field which kinds of keys it takes.',
    versions: '@figma/rest-api-spec 0.43.0',
    source: 'OpenAPI 3.1.1, Security Scheme Object',
  },
  'openapi-refresh-url': {
    title: 'a URL for refreshing that is not the token endpoint',
    seen: 'A client that posts every grant to the token endpoint connects, and cannot refresh.',
    why: 'A flow has a tokenUrl and may have a refreshUrl; in @figma/rest-api-spec they differ. openapi-to-postmanv2 writes the refreshUrl into the redirect URI.',
    instead: 'Send grant_type=refresh_token to the refreshUrl, as the generated step refresh does.',
    versions: '@figma/rest-api-spec 0.43.0, openapi-to-postmanv2 6.3.3',
    source: 'OpenAPI 3.1.1, OAuth Flow Object, refreshUrl',
  },
  'openapi-deprecated-scope': {
    title: 'an operation that lists a deprecated scope beside a narrower one',
    seen: 'Users are asked to allow far more than the connector needs, or the provider refuses the scope.',
    why: 'An operation lists all scopes that open it; a requirement with two scopes cannot say that either one is enough. In @figma/rest-api-spec 23 operations list files:read, which their own description calls deprecated, beside the scope that took its place.',
    instead: 'Request the narrower scope, as the generated section scope does.',
    versions: '@figma/rest-api-spec 0.43.0',
    source: 'OpenAPI 3.1.1, Security Requirement Object',
  },
  'openapi-open-operation': {
    title: 'an operation that requires no authorization',
    seen: 'A connection with a wrong key is accepted, because the request that verifies it succeeds for everybody.',
    why: 'An operation with "security": [] or with an empty requirement is open, whatever the document says at its top: /health of @blockfrost/openapi, two operations of @directus/specs. openapi-to-postmanv2 loses the empty list, so that its requests carry a key that nobody asks for.',
    instead: 'Pass --verify with a request that requires authorization, best one that returns the connected user.',
    versions: '@blockfrost/openapi 0.1.93, @directus/specs 15.2.0, openapi-to-postmanv2 6.3.3',
    source: 'OpenAPI 3.1.1, Operation Object, security',
  },
  'openapi-no-schemes': {
    title: 'a Swagger 2.0 description without schemes',
    seen: 'Credentials would be sent over plain HTTP, or to an address without a scheme.',
    why: 'Without "schemes" the scheme is the one by which the document was read. @scalar/openapi-upgrader makes it http, and swagger2openapi writes an address that begins with //.',
    instead: 'Pass --server with the whole address, or the URL of the document instead of its file.',
    versions: '@scalar/openapi-upgrader 0.4.9, swagger2openapi 7.0.8',
    source: 'OpenAPI 2.0, Swagger Object, schemes',
    date: LATER,
  },
  'openapi-undefined-scheme': {
    title: 'a requirement of a security scheme that is not defined',
    seen: 'An import makes no connection for a scheme that operations name.',
    why: 'The names in "security" have to be keys of securitySchemes. @apidevtools/swagger-parser finds such a document valid; the rule security-defined of Redocly reports it.',
    instead: 'Correct the name in the document, or pass --auth with the way in the vendor’s documentation.',
    versions: '@apidevtools/swagger-parser 13.1.0, @redocly/openapi-core 2.64.0',
    source: 'OpenAPI 3.1.1, Security Requirement Object',
    date: LATER,
  },
  'openapi-from-postman': {
    title: 'a description that was converted from a Postman collection',
    seen: 'The API refuses a key in the header api_key, or the page that should ask the user does not exist.',
    why: 'For every collection with an API key @scalar/postman-to-openapi writes a header api_key, whatever the name and the place of the key are; client credentials become an authorization code flow at /oauth/authorize.',
    instead:
      'Look the name and the place up in the collection, and pass them: --auth header:X-API-Key or --auth query:key.',
    versions: '@scalar/postman-to-openapi 0.7.14',
    source: 'Postman Collection Format 2.1.0, auth',
    date: LATER,
  },
  'issuer-not-identical': {
    title: 'an issuer that differs in its final slash',
    seen: 'One client accepts the provider and another refuses it, with the same discovery document.',
    why: 'Issuers are compared character by character. openid-client tolerates another final slash for an issuer without a path, and not for one with a path.',
    instead:
      'Pass the URL of the discovery document that belongs to its issuer, and copy the issuer as it is written there.',
    versions: 'openid-client 6.8.9',
    source: 'RFC 8414, section 3.3; OpenID Connect Discovery 1.0, section 4.3',
  },
  'formatter-trailing-comma': {
    title: 'commas that a formatter adds',
    seen: 'After a save, a section has commas after its last items.',
    why: 'Prettier adds them to files that end in .jsonc and not to those that end in .json: its default trailingComma is "all", and JSON with comments may have them. Make documents comments in sections, but no such commas.',
    instead:
      'Set "trailingComma": "none" for *.jsonc in the overrides of Prettier; `connector validate --fix` removes the commas.',
    versions: 'prettier 3.10.1',
    source: 'https://prettier.io/docs/options#trailing-commas',
    date: LATER,
  },
} as const satisfies Readonly<Record<string, Trap>>;
