/* Made by `connector types` from the sections of the connections. Edit those, not this file. */

export interface Connections {
  discogs: DiscogsConnection;
}

export type ConnectionId = keyof Connections;

/**
 * Discogs
 */
export interface DiscogsConnection {
  common: DiscogsCommon;
  data: DiscogsData;
  steps: DiscogsSteps;
}

/**
 * The application that is registered on Discogs. Its values are in common.local.json, which git ignores.
 */
export interface DiscogsCommon {
  consumerKey: string;
  consumerSecret: string;
}

export interface DiscogsData {
  token?: unknown;
  tokenSecret?: unknown;
}

export interface DiscogsSteps {
  requestToken: {
    request: DiscogsContext & {
      temp: {
        [k: string]: never;
      };
    };
    response: DiscogsContext &
      Answer & {
        temp: {
          token?: unknown;
          tokenSecret?: unknown;
        };
        body: {
          [k: string]: unknown;
        };
      };
  };
  authorize: {
    request: DiscogsContext & {
      temp: {
        token?: unknown;
        tokenSecret?: unknown;
      };
    };
    response: DiscogsContext &
      Callback & {
        temp: {
          token?: unknown;
          tokenSecret?: unknown;
          verifier?: unknown;
        };
      };
  };
  accessToken: {
    request: DiscogsContext &
      Callback & {
        temp: {
          token?: unknown;
          tokenSecret?: unknown;
          verifier?: unknown;
        };
      };
    response: DiscogsContext &
      Callback &
      Answer & {
        temp: {
          token?: unknown;
          tokenSecret?: unknown;
          verifier?: unknown;
        };
        body: {
          [k: string]: unknown;
        };
      };
  };
  info: {
    request: DiscogsContext &
      Callback & {
        temp: {
          token?: unknown;
          tokenSecret?: unknown;
          verifier?: unknown;
        };
      };
    response: DiscogsContext &
      Callback &
      Answer & {
        temp: {
          token?: unknown;
          tokenSecret?: unknown;
          verifier?: unknown;
        };
      };
  };
}

export type DiscogsContext = Surroundings &
  OAuth1 & {
    parameters: {
      [k: string]: unknown;
    };
    common: DiscogsCommon;
    connection: Partial<DiscogsData>;
    data: Partial<DiscogsData>;
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
 * What expressions of OAuth 1.0a see.
 */
export interface OAuth1 {
  oauth: {
    [k: string]: unknown;
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
