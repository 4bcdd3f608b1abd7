/* Made by `connector types` from the sections of the connections. Edit those, not this file. */

export interface Connections {
  slack: SlackConnection;
}

export type ConnectionId = keyof Connections;

/**
 * Slack
 */
export interface SlackConnection {
  installParameters: SlackInstallParameters;
  common: SlackCommon;
  scopes: SlackScopes;
  data: SlackData;
  steps: SlackSteps;
  install: SlackInstall;
}

export interface SlackInstallParameters {
  /**
   * Client ID
   *
   * Of the Slack app that is made for this installation: under **Basic Information**, **App Credentials**.
   */
  clientId: string;
  /**
   * Client secret
   */
  clientSecret: string;
}

/**
 * The Slack app. Its values are in common.local.json, which git ignores.
 */
export interface SlackCommon {
  clientId: string;
  clientSecret: string;
}

export type SlackScopes =
  | 'chat:write'
  | 'chat:write.public'
  | 'reactions:read'
  | 'reactions:write'
  | 'channels:read'
  | 'channels:history'
  | 'groups:read'
  | 'groups:history'
  | 'im:history'
  | 'users:read'
  | 'users:read.email'
  | 'files:read'
  | 'files:write';

export interface SlackData {
  accessToken?: unknown;
  refreshToken?: unknown;
  expires?: Date;
  grantedScope?: unknown;
}

export interface SlackSteps {
  authorize: {
    request: SlackContext & {
      temp: {
        [k: string]: never;
      };
    };
    response: SlackContext &
      Callback & {
        temp: {
          code?: unknown;
        };
      };
  };
  token: {
    request: SlackContext &
      Callback & {
        temp: {
          code?: unknown;
        };
      };
    response: SlackContext &
      Callback &
      Answer & {
        temp: {
          code?: unknown;
        };
      };
  };
  info: {
    request: SlackContext &
      Callback & {
        temp: {
          code?: unknown;
        };
      };
    response: SlackContext &
      Callback &
      Answer & {
        temp: {
          code?: unknown;
        };
      };
  };
  refresh: {
    request: SlackContext & {
      temp: {
        [k: string]: never;
      };
    };
    response: SlackContext &
      Answer & {
        temp: {
          [k: string]: never;
        };
      };
  };
  invalidate: {
    request: SlackContext & {
      temp: {
        [k: string]: never;
      };
    };
    response: SlackContext &
      Answer & {
        temp: {
          [k: string]: never;
        };
      };
  };
}

export interface SlackInstall {
  environment: {
    [k: string]: unknown;
  };
  parameters: SlackInstallParameters;
  common: SlackCommon;
  temp: {
    [k: string]: unknown;
  };
}

export type SlackContext = Surroundings &
  OAuth & {
    parameters: {
      [k: string]: unknown;
    };
    common: SlackCommon;
    connection: Partial<SlackData>;
    data: Partial<SlackData>;
  };

/**
 * What every expression of a request sees.
 */
export interface Surroundings {
  environment: {
    [k: string]: unknown;
  };
  executionId: string;
}

/**
 * What expressions of OAuth 2.0 see.
 */
export interface OAuth {
  oauth: {
    scope: string[];
    localRedirectUri: string;
    makeRedirectUri: string;
    redirectUri: string;
    state: string;
  };
}

/**
 * What the browser brings back from authorize.
 */
export interface Callback {
  query: {
    [k: string]: unknown;
  };
}

/**
 * What expressions see once a request has been answered.
 */
export interface Answer {
  body: unknown;
  headers: {
    [k: string]: unknown;
  };
  statusCode: number;
}
