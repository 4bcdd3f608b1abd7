/* Made by `connector types` from the sections of the connections. Edit those, not this file. */

export interface Connections {
  twilio: TwilioConnection;
}

export type ConnectionId = keyof Connections;

/**
 * Twilio
 */
export interface TwilioConnection {
  parameters: TwilioParameters;
  data: TwilioData;
  steps: TwilioSteps;
}

export interface TwilioParameters {
  /**
   * Account SID
   *
   * In the Twilio Console, under **Account Info**. It begins with `AC`.
   */
  accountSid: string;
  /**
   * Auth token
   *
   * Beside the account SID.
   */
  authToken: string;
}

export interface TwilioData {
  [k: string]: never;
}

export interface TwilioSteps {
  api: {
    request: TwilioContext & {
      temp: {
        [k: string]: never;
      };
    };
    response: TwilioContext &
      Answer & {
        temp: {
          [k: string]: never;
        };
      };
  };
}

export type TwilioContext = Surroundings & {
  parameters: TwilioParameters;
  common: {
    [k: string]: unknown;
  };
  connection: TwilioParameters & Partial<TwilioData>;
  data: TwilioParameters & Partial<TwilioData>;
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
