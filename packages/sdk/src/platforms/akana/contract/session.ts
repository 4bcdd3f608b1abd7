import type { OpenAPIV3_1 } from 'openapi-types';
import type { Paths } from '../../operations.ts';
import { body, exactly, object, open, plain, ref, text, truth } from './conventions.ts';

/** Login and what it begins. Sources: Akana's page "Login service", and clients that were seen to use it. */

export const paths: Paths = {
  '/api/login': {
    post: {
      operationId: 'login',
      summary: 'Log in',
      description: 'Sets the cookies AtmoAuthToken_{tenant} and, where the site wants the header, Csrf-Token_{tenant}.',
      security: open,
      requestBody: body({
        type: 'object',
        required: ['email', 'password'],
        properties: { email: text, password: text },
      }),
      responses: object(ref('Login')),
    },
  },
  '/api/login/renewToken': {
    post: {
      operationId: 'renewToken',
      summary: 'Renew the session',
      description: 'With new cookies, from now on for the whole time that a session lasts.',
      security: open,
      responses: { ...object(ref('Login')), '204': { description: 'There is no session.' } },
    },
  },
  '/api/login/logout': {
    post: { operationId: 'logout', summary: 'Log out', security: open, responses: plain('Nothing.') },
  },
};

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  Login: exactly(
    {
      userFDN: { type: 'string', description: 'The user’s id.' },
      userName: text,
      avatarURL: text,
      status: text,
      loginState: text,
      authTokenValidUntil: { type: 'string', description: 'ISO 8601.' },
      loginDomainId: text,
      pendingNotifications: { type: 'integer' },
      authToken: { type: 'string', description: 'The value of the session’s cookie.' },
      newUser: truth,
    },
    ['authToken', 'newUser'],
  ),
};
