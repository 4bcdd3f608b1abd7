/* Made by `connector types` from the sections of the connections. Edit those, not this file. */

export interface Connections {
  stripe: StripeConnection;
}

export type ConnectionId = keyof Connections;

/**
 * Stripe
 */
export interface StripeConnection {
  parameters: StripeParameters;
  data: StripeData;
  steps: StripeSteps;
}

export interface StripeParameters {
  /**
   * Secret key or restricted key
   *
   * On Stripe under **Developers**, **API keys**. It begins with `sk_` or `rk_`; keys with `_test_` see test data only.
   */
  apiKey: string;
}

export interface StripeData {
  [k: string]: never;
}

export interface StripeSteps {
  api: {
    request: StripeContext & {
      temp: {
        [k: string]: never;
      };
    };
    response: StripeContext &
      Answer & {
        temp: {
          [k: string]: never;
        };
      };
  };
}

export type StripeContext = Surroundings & {
  parameters: StripeParameters;
  common: {
    [k: string]: unknown;
  };
  connection: StripeParameters & Partial<StripeData>;
  data: StripeParameters & Partial<StripeData>;
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
 * What expressions see once a request has been answered.
 */
export interface Answer {
  body: unknown;
  headers: {
    [k: string]: unknown;
  };
  statusCode: number;
}
