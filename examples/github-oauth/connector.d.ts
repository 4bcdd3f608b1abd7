/* Made by `connector types` from the sections of the connections. Edit those, not this file. */

export interface Connections {
  github: GithubConnection;
}

export type ConnectionId = keyof Connections;

/**
 * GitHub
 */
export interface GithubConnection {
  parameters: GithubParameters;
  installParameters: GithubInstallParameters;
  common: GithubCommon;
  scopes: GithubScopes;
  data: GithubData;
  steps: GithubSteps;
  install: GithubInstall;
}

export interface GithubParameters {
  /**
   * Client ID
   *
   * Of your own OAuth app: on GitHub under **Settings**, **Developer settings**, **OAuth Apps**.
   */
  clientId?: string;
  /**
   * Client secret
   *
   * GitHub shows a client secret only once, when it is generated.
   */
  clientSecret?: string;
}

export interface GithubInstallParameters {
  /**
   * Client ID
   *
   * Of the OAuth app that is registered on GitHub for this installation.
   */
  clientId: string;
  /**
   * Client secret
   */
  clientSecret: string;
}

/**
 * The OAuth app that is registered on GitHub. Its values are in common.local.json, which git ignores.
 */
export interface GithubCommon {
  clientId: string;
  clientSecret: string;
}

export type GithubScopes =
  | 'repo'
  | 'repo:status'
  | 'repo_deployment'
  | 'public_repo'
  | 'repo:invite'
  | 'security_events'
  | 'delete_repo'
  | 'workflow'
  | 'admin:repo_hook'
  | 'write:repo_hook'
  | 'read:repo_hook'
  | 'admin:org'
  | 'write:org'
  | 'read:org'
  | 'admin:org_hook'
  | 'read:audit_log'
  | 'user'
  | 'read:user'
  | 'user:email'
  | 'user:follow'
  | 'notifications'
  | 'gist'
  | 'admin:public_key'
  | 'write:public_key'
  | 'read:public_key'
  | 'admin:gpg_key'
  | 'write:gpg_key'
  | 'read:gpg_key'
  | 'project'
  | 'read:project'
  | 'write:packages'
  | 'read:packages'
  | 'delete:packages'
  | 'codespace';

export interface GithubData {
  accessToken?: unknown;
  grantedScope?: unknown;
}

export interface GithubSteps {
  authorize: {
    request: GithubContext & {
      temp: {
        [k: string]: never;
      };
    };
    response: GithubContext &
      Callback & {
        temp: {
          code?: unknown;
        };
      };
  };
  token: {
    request: GithubContext &
      Callback & {
        temp: {
          code?: unknown;
        };
      };
    response: GithubContext &
      Callback &
      Answer & {
        temp: {
          code?: unknown;
        };
      };
  };
  info: {
    request: GithubContext &
      Callback & {
        temp: {
          code?: unknown;
        };
      };
    response: GithubContext &
      Callback &
      Answer & {
        temp: {
          code?: unknown;
        };
      };
  };
  invalidate: {
    request: GithubContext & {
      temp: {
        [k: string]: never;
      };
    };
    response: GithubContext &
      Answer & {
        temp: {
          [k: string]: never;
        };
      };
  };
}

export interface GithubInstall {
  environment: {
    [k: string]: unknown;
  };
  parameters: GithubInstallParameters;
  common: GithubCommon;
  temp: {
    [k: string]: unknown;
  };
}

export type GithubContext = Surroundings &
  OAuth & {
    parameters: GithubParameters;
    common: GithubCommon;
    connection: GithubParameters & Partial<GithubData>;
    data: GithubParameters & Partial<GithubData>;
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
