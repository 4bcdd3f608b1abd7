import type { CreateType } from './create-types.ts';

/** Puts the steps of an OAuth connection into one object. */
function steps(...parts: readonly string[]): string {
  const body = parts.map((part) => part.trim().replace(/^(?=.)/gm, '  ')).join(',\n\n');
  return `{\n${body}\n}\n`;
}

function whoAmI(authorization: string, comment: string): string {
  return `{
  // ${comment}
  "url": "https://api.example.com/v1/me",
  "headers": {
    "authorization": "${authorization}"
  },
  "response": {
    // Shown behind the name of the connection, so that users can tell theirs apart.
    "metadata": {
      "type": "email",
      "value": "{{body.email}}"
    },
    // Shown when the API refuses: say what it said.
    "error": {
      "message": "[{{statusCode}}] {{body.message}}"
    }
  },
  // Without this nothing of the request is logged; with it, all but these places.
  "log": {
    "sanitize": ["request.headers.authorization"]
  }
}
`;
}

const AUTHORIZE = `
// 1. The user's browser is sent here to sign in and agree.
"authorize": {
  "url": "https://auth.example.com/oauth/authorize",
  "qs": {
    "response_type": "code",
    "client_id": "{{ifempty(parameters.clientId, common.clientId)}}",
    "redirect_uri": "{{oauth.localRedirectUri}}",
    "scope": "{{join(oauth.scope, ' ')}}"
  },
  "response": {
    // The browser comes back with the code in the query string.
    "temp": {
      "code": "{{query.code}}"
    }
  }
}`;

const TOKEN = `
// 2. The code is traded for an access token. The redirect URI must be the one of step 1.
"token": {
  "url": "https://auth.example.com/oauth/token",
  "method": "POST",
  "type": "urlencoded",
  "body": {
    "grant_type": "authorization_code",
    "code": "{{temp.code}}",
    "client_id": "{{ifempty(parameters.clientId, common.clientId)}}",
    "client_secret": "{{ifempty(parameters.clientSecret, common.clientSecret)}}",
    "redirect_uri": "{{oauth.localRedirectUri}}"
  },
  "response": {
    "data": {
      "accessToken": "{{body.access_token}}"
    },
    "error": {
      "message": "[{{statusCode}}] {{ifempty(body.error_description, body.error)}}"
    }
  },
  "log": {
    "sanitize": ["request.body.code", "request.body.client_secret", "response.body.access_token"]
  }
}`;

const TOKEN_THAT_EXPIRES = `
// 2. The code is traded for an access token that expires and a refresh token.
"token": {
  "condition": "{{temp.code}}",
  "url": "https://auth.example.com/oauth/token",
  "method": "POST",
  "type": "urlencoded",
  "body": {
    "grant_type": "authorization_code",
    "code": "{{temp.code}}",
    "client_id": "{{ifempty(parameters.clientId, common.clientId)}}",
    "client_secret": "{{ifempty(parameters.clientSecret, common.clientSecret)}}",
    "redirect_uri": "{{oauth.localRedirectUri}}"
  },
  "response": {
    "data": {
      "accessToken": "{{body.access_token}}",
      "refreshToken": "{{body.refresh_token}}",
      // Read by the condition of refresh.
      "expires": "{{addSeconds(now, body.expires_in)}}"
    },
    // When the refresh token itself ends, and the user has to sign in again.
    "expires": "{{addDays(now, 30)}}",
    "error": {
      "message": "[{{statusCode}}] {{ifempty(body.error_description, body.error)}}"
    }
  },
  "log": {
    "sanitize": [
      "request.body.code",
      "request.body.client_secret",
      "response.body.access_token",
      "response.body.refresh_token"
    ]
  }
}`;

const REFRESH = `
// 3. Runs before a scenario when the access token is about to expire.
"refresh": {
  "condition": "{{data.expires < addMinutes(now, 5)}}",
  "url": "https://auth.example.com/oauth/token",
  "method": "POST",
  "type": "urlencoded",
  "body": {
    "grant_type": "refresh_token",
    "refresh_token": "{{data.refreshToken}}",
    "client_id": "{{ifempty(parameters.clientId, common.clientId)}}",
    "client_secret": "{{ifempty(parameters.clientSecret, common.clientSecret)}}"
  },
  "response": {
    "data": {
      "accessToken": "{{body.access_token}}",
      // Some providers keep the old refresh token and send none.
      "refreshToken": "{{ifempty(body.refresh_token, data.refreshToken)}}",
      "expires": "{{addSeconds(now, body.expires_in)}}"
    },
    "expires": "{{addDays(now, 30)}}",
    "error": {
      "message": "[{{statusCode}}] {{ifempty(body.error_description, body.error)}}"
    }
  },
  "log": {
    "sanitize": [
      "request.body.refresh_token",
      "request.body.client_secret",
      "response.body.access_token",
      "response.body.refresh_token"
    ]
  }
}`;

/** The grants in which no browser takes part: the token is got again whenever it is missing or about to expire. */
function tokenFor(grant: string, credentials: readonly string[], secrets: readonly string[]): string {
  const body = [`"grant_type": "${grant}"`, ...credentials].map((line) => `    ${line}`).join(',\n');
  const sanitize = [...secrets.map((name) => `request.body.${name}`), 'response.body.access_token'];
  return `
// Gets the access token. Nothing sends the user anywhere, so only this condition makes it run:
// at the first time, and when the token is about to expire.
"token": {
  "condition": "{{if(data.accessToken, data.expires < addMinutes(now, 5), true)}}",
  "url": "https://auth.example.com/oauth/token",
  "method": "POST",
  "type": "urlencoded",
  "body": {
${body}
  },
  "response": {
    "data": {
      "accessToken": "{{body.access_token}}",
      "expires": "{{addSeconds(now, body.expires_in)}}"
    },
    "error": {
      "message": "[{{statusCode}}] {{ifempty(body.error_description, body.error)}}"
    }
  },
  "log": {
    "sanitize": [${sanitize.map((path) => `"${path}"`).join(', ')}]
  }
}`;
}

const INFO = `
// Proves that the token works, and says whose it is.
"info": {
  "url": "https://api.example.com/v1/me",
  "headers": {
    "authorization": "Bearer {{connection.accessToken}}"
  },
  "response": {
    "uid": "{{body.id}}",
    "metadata": {
      "type": "email",
      "value": "{{body.email}}"
    },
    "error": {
      "message": "[{{statusCode}}] {{body.message}}"
    }
  },
  "log": {
    "sanitize": ["request.headers.authorization"]
  }
}`;

const INVALIDATE = `
// Runs when the user deletes the connection.
"invalidate": {
  "url": "https://auth.example.com/oauth/revoke",
  "method": "POST",
  "type": "urlencoded",
  "body": {
    "token": "{{connection.accessToken}}"
  },
  "log": {
    "sanitize": ["request.body.token"]
  }
}`;

const oauth1 = () =>
  steps(
    `
// Signs every request below; what a step says in its own "oauth" is added to it.
"oauth": {
  "consumer_key": "{{ifempty(parameters.consumerKey, common.consumerKey)}}",
  "consumer_secret": "{{ifempty(parameters.consumerSecret, common.consumerSecret)}}"
}`,
    `
// 1. A token that the user is asked to approve.
"requestToken": {
  "url": "https://auth.example.com/oauth/request_token",
  "method": "POST",
  "response": {
    "type": "urlencoded",
    "temp": {
      "token": "{{body.oauth_token}}",
      "tokenSecret": "{{body.oauth_token_secret}}"
    },
    "error": {
      "message": "[{{statusCode}}] The request token was refused."
    }
  },
  "log": {
    "sanitize": ["response.body.oauth_token", "response.body.oauth_token_secret"]
  }
}`,
    `
// 2. The user's browser is sent here with that token.
"authorize": {
  "url": "https://auth.example.com/oauth/authorize",
  "qs": {
    "oauth_token": "{{temp.token}}"
  },
  "response": {
    "temp": {
      "token": "{{query.oauth_token}}",
      "verifier": "{{query.oauth_verifier}}"
    }
  }
}`,
    `
// 3. The approved token is traded for one that works.
"accessToken": {
  "url": "https://auth.example.com/oauth/access_token",
  "method": "POST",
  "oauth": {
    "token": "{{temp.token}}",
    "token_secret": "{{temp.tokenSecret}}",
    "verifier": "{{temp.verifier}}"
  },
  "response": {
    "type": "urlencoded",
    "data": {
      "token": "{{body.oauth_token}}",
      "tokenSecret": "{{body.oauth_token_secret}}"
    },
    "error": {
      "message": "[{{statusCode}}] The access token was refused."
    }
  },
  "log": {
    "sanitize": ["response.body.oauth_token", "response.body.oauth_token_secret"]
  }
}`,
    `
// Proves that the token works, and says whose it is.
"info": {
  "url": "https://api.example.com/v1/me",
  "oauth": {
    "token": "{{connection.token}}",
    "token_secret": "{{connection.tokenSecret}}"
  },
  "response": {
    "uid": "{{body.id}}",
    "metadata": {
      "type": "text",
      "value": "{{body.name}}"
    },
    "error": {
      "message": "[{{statusCode}}] {{body.message}}"
    }
  },
  "log": {
    "sanitize": ["request.headers.authorization"]
  }
}`,
  );

const CLIENT = ['"client_id": "{{parameters.clientId}}"', '"client_secret": "{{parameters.clientSecret}}"'];

/** The `api` of a new connection by create type: each works once its hosts are the API's own. */
export const API_STARTERS: Readonly<Record<CreateType, () => string>> = {
  apikey: () =>
    whoAmI(
      'Bearer {{parameters.apiKey}}',
      'Any request that answers only when the key is right. The URL is absolute: a connection has no base URL.',
    ),
  basic: () =>
    whoAmI(
      "Basic {{base64(parameters.username + ':' + parameters.password)}}",
      'Any request that answers only when name and password are right. The URL is absolute: a connection has no base URL.',
    ),
  other: () => `{
  // Nothing is sent: the connection only keeps what the user filled in.
  // To prove it, make a request here that answers only when it is right, with "url", "headers", "response"
  // and, so that no secret is logged, "log".
}
`,
  oauth: () => steps(AUTHORIZE, TOKEN, INFO, INVALIDATE),
  'oauth-refresh': () => steps(AUTHORIZE, TOKEN_THAT_EXPIRES, REFRESH, INFO, INVALIDATE),
  'oauth-clicre': () => steps(tokenFor('client_credentials', CLIENT, ['client_secret']), INFO, INVALIDATE),
  'oauth-resowncre': () =>
    steps(
      tokenFor(
        'password',
        ['"username": "{{parameters.username}}"', '"password": "{{parameters.password}}"', ...CLIENT],
        ['password', 'client_secret'],
      ),
      INFO,
      INVALIDATE,
    ),
  'oauth-1': oauth1,
};

/** Checks if the `api` that a new connection starts with reads the variable: only then the other sections give it. */
export function starterReads(type: CreateType, variable: string): boolean {
  return API_STARTERS[type]().includes(variable);
}
