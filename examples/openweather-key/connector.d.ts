/* Made by `connector types` from the sections of the connections. Edit those, not this file. */

export interface Connections {
  openweather: OpenweatherConnection;
}

export type ConnectionId = keyof Connections;

/**
 * OpenWeather
 */
export interface OpenweatherConnection {
  parameters: OpenweatherParameters;
  data: OpenweatherData;
  steps: OpenweatherSteps;
}

export interface OpenweatherParameters {
  /**
   * API key
   *
   * On OpenWeather under **My API keys**. A new key works after up to two hours.
   */
  apiKey: string;
}

export interface OpenweatherData {
  [k: string]: never;
}

export interface OpenweatherSteps {
  api: {
    request: OpenweatherContext & {
      temp: {
        [k: string]: never;
      };
    };
    response: OpenweatherContext &
      Answer & {
        temp: {
          [k: string]: never;
        };
      };
  };
}

export type OpenweatherContext = Surroundings & {
  parameters: OpenweatherParameters;
  common: {
    [k: string]: unknown;
  };
  connection: OpenweatherParameters & Partial<OpenweatherData>;
  data: OpenweatherParameters & Partial<OpenweatherData>;
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
