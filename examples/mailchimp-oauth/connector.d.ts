/* Made by `connector types` from the sections of the connections. Edit those, not this file. */

export interface Connections {
  mailchimp: MailchimpConnection;
}

export type ConnectionId = keyof Connections;

/**
 * Mailchimp
 */
export interface MailchimpConnection {
  common: MailchimpCommon;
  data: MailchimpData;
  steps: MailchimpSteps;
}

/**
 * The app that is registered on Mailchimp. Its values are in common.local.json, which git ignores.
 */
export interface MailchimpCommon {
  clientId: string;
  clientSecret: string;
}

export interface MailchimpData {
  accessToken?: unknown;
  dataCentre?: unknown;
  apiEndpoint?: unknown;
}

export interface MailchimpSteps {
  authorize: {
    request: MailchimpContext & {
      temp: {
        [k: string]: never;
      };
    };
    response: MailchimpContext &
      Callback & {
        temp: {
          code?: unknown;
        };
      };
  };
  token: {
    request: MailchimpContext &
      Callback & {
        temp: {
          code?: unknown;
        };
      };
    response: MailchimpContext &
      Callback &
      Answer & {
        temp: {
          code?: unknown;
        };
      };
  };
  info: {
    request: MailchimpContext &
      Callback & {
        temp: {
          code?: unknown;
        };
      };
    response: MailchimpContext &
      Callback &
      Answer & {
        temp: {
          code?: unknown;
        };
      };
  };
}

export type MailchimpContext = Surroundings &
  OAuth & {
    parameters: {
      [k: string]: unknown;
    };
    common: MailchimpCommon;
    connection: Partial<MailchimpData>;
    data: Partial<MailchimpData>;
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
