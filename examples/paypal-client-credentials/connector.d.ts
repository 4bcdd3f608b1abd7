/* Made by `connector types` from the sections of the connections. Edit those, not this file. */

export interface Connections {
  paypal: PaypalConnection;
}

export type ConnectionId = keyof Connections;

/**
 * PayPal
 */
export interface PaypalConnection {
  parameters: PaypalParameters;
  data: PaypalData;
  steps: PaypalSteps;
}

export interface PaypalParameters {
  /**
   * Environment
   *
   * An app of the sandbox has an id and a secret of its own.
   */
  environment: 'live' | 'sandbox';
  /**
   * Client ID
   *
   * In PayPal's Developer Dashboard, under **Apps & Credentials**.
   */
  clientId: string;
  /**
   * Secret
   */
  clientSecret: string;
}

export interface PaypalData {
  accessToken?: unknown;
  expires?: Date;
  grantedScope?: unknown;
}

export interface PaypalSteps {
  token: {
    request: PaypalContext &
      Callback & {
        temp: {
          [k: string]: never;
        };
      };
    response: PaypalContext &
      Callback &
      Answer & {
        temp: {
          [k: string]: never;
        };
      };
  };
}

export type PaypalContext = Surroundings &
  OAuth & {
    parameters: PaypalParameters;
    common: {
      [k: string]: unknown;
    };
    connection: PaypalParameters & Partial<PaypalData>;
    data: PaypalParameters & Partial<PaypalData>;
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
