/* Made by `connector types` from the sections of the connections. Edit those, not this file. */

export interface Connections {
  jira: JiraConnection;
}

export type ConnectionId = keyof Connections;

/**
 * Jira Cloud
 */
export interface JiraConnection {
  parameters: JiraParameters;
  common: JiraCommon;
  scopes: JiraScopes;
  data: JiraData;
  steps: JiraSteps;
}

export interface JiraParameters {
  /**
   * Site
   *
   * The first part of the address at which you use Jira: `acme` of `acme.atlassian.net`.
   */
  site: string;
}

/**
 * The OAuth 2.0 integration of Atlassian's developer console. Its values are in common.local.json, which git ignores.
 */
export interface JiraCommon {
  clientId: string;
  clientSecret: string;
}

export type JiraScopes =
  | 'offline_access'
  | 'read:jira-user'
  | 'read:jira-work'
  | 'write:jira-work'
  | 'manage:jira-project'
  | 'manage:jira-configuration'
  | 'manage:jira-webhook';

export interface JiraData {
  accessToken?: unknown;
  refreshToken?: unknown;
  expires?: Date;
  cloudId?: unknown;
}

export interface JiraSteps {
  authorize: {
    request: JiraContext & {
      temp: {
        [k: string]: never;
      };
    };
    response: JiraContext &
      Callback & {
        temp: {
          code?: unknown;
        };
      };
  };
  token: {
    request: JiraContext &
      Callback & {
        temp: {
          code?: unknown;
        };
      };
    response: JiraContext &
      Callback &
      Answer & {
        temp: {
          code?: unknown;
        };
      };
  };
  info: {
    request: JiraContext &
      Callback & {
        temp: {
          code?: unknown;
          cloudId?: unknown;
        };
      };
    response: JiraContext &
      Callback &
      Answer & {
        temp: {
          code?: unknown;
          cloudId?: unknown;
        };
      };
  };
  refresh: {
    request: JiraContext & {
      temp: {
        [k: string]: never;
      };
    };
    response: JiraContext &
      Answer & {
        temp: {
          [k: string]: never;
        };
      };
  };
}

export type JiraContext = Surroundings &
  OAuth & {
    parameters: JiraParameters;
    common: JiraCommon;
    connection: JiraParameters & Partial<JiraData>;
    data: JiraParameters & Partial<JiraData>;
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
