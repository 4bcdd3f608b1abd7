/* Made by `connector types` from the sections of the connections. Edit those, not this file. */

export interface Connections {
  notion: NotionConnection;
}

export type ConnectionId = keyof Connections;

/**
 * Notion
 */
export interface NotionConnection {
  common: NotionCommon;
  data: NotionData;
  steps: NotionSteps;
}

/**
 * The public connection that is registered on Notion. Its values are in common.local.json, which git ignores.
 */
export interface NotionCommon {
  clientId: string;
  clientSecret: string;
}

export interface NotionData {
  accessToken?: unknown;
  workspaceId?: unknown;
  workspaceName?: unknown;
}

export interface NotionSteps {
  authorize: {
    request: NotionContext & {
      temp: {
        [k: string]: never;
      };
    };
    response: NotionContext &
      Callback & {
        temp: {
          code?: unknown;
        };
      };
  };
  token: {
    request: NotionContext &
      Callback & {
        temp: {
          code?: unknown;
        };
      };
    response: NotionContext &
      Callback &
      Answer & {
        temp: {
          code?: unknown;
        };
      };
  };
  info: {
    request: NotionContext &
      Callback & {
        temp: {
          code?: unknown;
        };
      };
    response: NotionContext &
      Callback &
      Answer & {
        temp: {
          code?: unknown;
        };
      };
  };
  invalidate: {
    request: NotionContext & {
      temp: {
        [k: string]: never;
      };
    };
    response: NotionContext &
      Answer & {
        temp: {
          [k: string]: never;
        };
      };
  };
}

export type NotionContext = Surroundings &
  OAuth & {
    parameters: {
      [k: string]: unknown;
    };
    common: NotionCommon;
    connection: Partial<NotionData>;
    data: Partial<NotionData>;
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
