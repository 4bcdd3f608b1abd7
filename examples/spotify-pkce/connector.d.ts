/* Made by `connector types` from the sections of the connections. Edit those, not this file. */

export interface Connections {
  spotify: SpotifyConnection;
}

export type ConnectionId = keyof Connections;

/**
 * Spotify
 */
export interface SpotifyConnection {
  common: SpotifyCommon;
  scopes: SpotifyScopes;
  data: SpotifyData;
  steps: SpotifySteps;
}

/**
 * The app of Spotify's dashboard. With PKCE it needs no secret. Its value is in common.local.json, which git ignores.
 */
export interface SpotifyCommon {
  clientId: string;
}

export type SpotifyScopes =
  | 'user-read-private'
  | 'user-read-email'
  | 'playlist-read-private'
  | 'playlist-read-collaborative'
  | 'playlist-modify-public'
  | 'playlist-modify-private'
  | 'user-library-read'
  | 'user-library-modify'
  | 'user-top-read'
  | 'user-read-recently-played'
  | 'user-follow-read'
  | 'user-follow-modify'
  | 'user-read-playback-state'
  | 'user-modify-playback-state'
  | 'user-read-currently-playing';

export interface SpotifyData {
  accessToken?: unknown;
  refreshToken?: unknown;
  expires?: Date;
}

export interface SpotifySteps {
  authorize: {
    request: SpotifyContext & {
      temp: {
        verifier?: string;
      };
    };
    response: SpotifyContext &
      Callback & {
        temp: {
          verifier?: string;
          code?: unknown;
        };
      };
  };
  token: {
    request: SpotifyContext &
      Callback & {
        temp: {
          verifier?: string;
          code?: unknown;
        };
      };
    response: SpotifyContext &
      Callback &
      Answer & {
        temp: {
          verifier?: string;
          code?: unknown;
        };
      };
  };
  info: {
    request: SpotifyContext &
      Callback & {
        temp: {
          verifier?: string;
          code?: unknown;
        };
      };
    response: SpotifyContext &
      Callback &
      Answer & {
        temp: {
          verifier?: string;
          code?: unknown;
        };
      };
  };
  refresh: {
    request: SpotifyContext & {
      temp: {
        [k: string]: never;
      };
    };
    response: SpotifyContext &
      Answer & {
        temp: {
          [k: string]: never;
        };
      };
  };
}

export type SpotifyContext = Surroundings &
  OAuth & {
    parameters: {
      [k: string]: unknown;
    };
    common: SpotifyCommon;
    connection: Partial<SpotifyData>;
    data: Partial<SpotifyData>;
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
