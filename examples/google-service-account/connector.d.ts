/* Made by `connector types` from the sections of the connections. Edit those, not this file. */

export interface Connections {
  google: GoogleConnection;
}

export type ConnectionId = keyof Connections;

/**
 * Google Drive, service account
 */
export interface GoogleConnection {
  parameters: GoogleParameters;
  scopes: GoogleScopes;
  data: GoogleData;
  steps: GoogleSteps;
}

export interface GoogleParameters {
  /**
   * Address of the service account
   *
   * `client_email` in the key file, which Google Cloud makes under **Service accounts**, **Keys**.
   */
  clientEmail: string;
  /**
   * Private key
   *
   * `private_key` in the key file, from `-----BEGIN` to `-----END`, with its line breaks.
   */
  privateKey: string;
}

export type GoogleScopes =
  | 'https://www.googleapis.com/auth/drive.metadata.readonly'
  | 'https://www.googleapis.com/auth/drive.readonly'
  | 'https://www.googleapis.com/auth/drive.file'
  | 'https://www.googleapis.com/auth/drive';

export interface GoogleData {
  accessToken?: unknown;
  expires?: Date;
}

export interface GoogleSteps {
  token: {
    request: GoogleContext &
      Callback & {
        temp: {
          claims?: {
            iss?: string;
            scope: string;
            aud: string;
            iat: number;
            exp: number;
          };
        };
      };
    response: GoogleContext &
      Callback &
      Answer & {
        temp: {
          claims?: {
            iss?: string;
            scope: string;
            aud: string;
            iat: number;
            exp: number;
          };
        };
      };
  };
  info: {
    request: GoogleContext &
      Callback & {
        temp: {
          claims?: {
            iss?: string;
            scope: string;
            aud: string;
            iat: number;
            exp: number;
          };
        };
      };
    response: GoogleContext &
      Callback &
      Answer & {
        temp: {
          claims?: {
            iss?: string;
            scope: string;
            aud: string;
            iat: number;
            exp: number;
          };
        };
      };
  };
  invalidate: {
    request: GoogleContext & {
      temp: {
        [k: string]: never;
      };
    };
    response: GoogleContext &
      Answer & {
        temp: {
          [k: string]: never;
        };
      };
  };
}

export type GoogleContext = Surroundings &
  OAuth & {
    parameters: GoogleParameters;
    common: {
      [k: string]: unknown;
    };
    connection: GoogleParameters & Partial<GoogleData>;
    data: GoogleParameters & Partial<GoogleData>;
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
