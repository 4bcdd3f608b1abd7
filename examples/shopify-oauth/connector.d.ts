/* Made by `connector types` from the sections of the connections. Edit those, not this file. */

export interface Connections {
  shopify: ShopifyConnection;
}

export type ConnectionId = keyof Connections;

/**
 * Shopify
 */
export interface ShopifyConnection {
  parameters: ShopifyParameters;
  installParameters: ShopifyInstallParameters;
  common: ShopifyCommon;
  scopes: ShopifyScopes;
  data: ShopifyData;
  steps: ShopifySteps;
  install: ShopifyInstall;
}

export interface ShopifyParameters {
  /**
   * Shop
   *
   * The first part of the shop's address at Shopify: `acme` of `acme.myshopify.com`. Not the shop's own domain.
   */
  shop: string;
}

export interface ShopifyInstallParameters {
  /**
   * Client ID
   *
   * Of the Shopify app that is made for this installation: in the Dev Dashboard under **Settings**.
   */
  clientId: string;
  /**
   * Client secret
   */
  clientSecret: string;
}

/**
 * The app of Shopify's dashboard. Its values are in common.local.json, which git ignores.
 */
export interface ShopifyCommon {
  clientId: string;
  clientSecret: string;
}

export type ShopifyScopes =
  | 'read_products'
  | 'write_products'
  | 'read_inventory'
  | 'write_inventory'
  | 'read_orders'
  | 'write_orders'
  | 'read_customers'
  | 'write_customers'
  | 'read_locations';

export interface ShopifyData {
  accessToken?: unknown;
  refreshToken?: unknown;
  expires?: Date;
  grantedScope?: unknown;
}

export interface ShopifySteps {
  authorize: {
    request: ShopifyContext & {
      temp: {
        [k: string]: never;
      };
    };
    response: ShopifyContext &
      Callback & {
        temp: {
          code?: unknown;
        };
      };
  };
  token: {
    request: ShopifyContext &
      Callback & {
        temp: {
          code?: unknown;
        };
      };
    response: ShopifyContext &
      Callback &
      Answer & {
        temp: {
          code?: unknown;
        };
      };
  };
  info: {
    request: ShopifyContext &
      Callback & {
        temp: {
          code?: unknown;
        };
      };
    response: ShopifyContext &
      Callback &
      Answer & {
        temp: {
          code?: unknown;
        };
      };
  };
  refresh: {
    request: ShopifyContext & {
      temp: {
        [k: string]: never;
      };
    };
    response: ShopifyContext &
      Answer & {
        temp: {
          [k: string]: never;
        };
      };
  };
}

export interface ShopifyInstall {
  environment: {
    [k: string]: unknown;
  };
  parameters: ShopifyInstallParameters;
  common: ShopifyCommon;
  temp: {
    [k: string]: unknown;
  };
}

export type ShopifyContext = Surroundings &
  OAuth & {
    parameters: ShopifyParameters;
    common: ShopifyCommon;
    connection: ShopifyParameters & Partial<ShopifyData>;
    data: ShopifyParameters & Partial<ShopifyData>;
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
