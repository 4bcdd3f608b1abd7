import type { OpenAPIV3_1 } from 'openapi-types';
import type { Paths } from '../../operations.ts';
import { body, exactly, flag, id, object, plain, ref, session, text, texts, truth } from './conventions.ts';

/**
 * Contracts between an app version and an API version, and their workflow. Sources: Akana's pages of the Contracts
 * service: "requestContract", "getContract", "updateContract", "executeWorkflowAction"; of the Workflow service.
 */

const contract = id('ContractID');

const scope: OpenAPIV3_1.SchemaObject = {
  type: 'object',
  properties: { Restricted: truth, LicenseID: texts },
};
const policies: OpenAPIV3_1.SchemaObject = {
  type: 'object',
  properties: {
    Policy: {
      type: 'array',
      items: { type: 'object', required: ['PolicyKey'], properties: { PolicyKey: text } },
    },
  },
};

const workflowPath = {
  operationId: 'getWorkflowActions',
  summary: 'Get the actions that the caller may do now',
  security: session,
  parameters: [
    id('ObjectID'),
    flag('IncludeReservedActions', 'Whether actions that only the platform can do are returned.'),
  ],
  responses: object(exactly({ Action: { type: 'array', items: exactly({ Value: text, Label: text }) } })),
};

export const paths: Paths = {
  '/api/contracts': {
    post: {
      operationId: 'requestContract',
      summary: 'Request a contract, or revise one',
      description: 'A second one for the same app, API and environment is a revision; a third is refused.',
      security: session,
      requestBody: body({
        type: 'object',
        required: ['APIVersionID', 'RuntimeID', 'Environment'],
        properties: {
          APIVersionID: text,
          RuntimeID: { type: 'string', description: 'The AppVersionID.' },
          Environment: { type: 'string', enum: ['Sandbox', 'Production'] },
          Name: text,
          Description: text,
          Policies: policies,
          ContractScope: scope,
        },
      }),
      responses: object(ref('Contract')),
    },
  },
  '/api/contracts/{ContractID}': {
    get: {
      operationId: 'getContract',
      summary: 'Get a contract',
      security: session,
      parameters: [contract],
      responses: object(ref('Contract')),
    },
    put: {
      operationId: 'updateContract',
      summary: 'Update the scope and the policies of a contract',
      security: session,
      parameters: [contract],
      requestBody: body({
        type: 'object',
        properties: { Name: text, Description: text, Policies: policies, ContractScope: scope },
      }),
      responses: object(ref('Contract')),
    },
  },
  '/api/contracts/{ContractID}/actions': {
    post: {
      operationId: 'executeContractAction',
      summary: 'Execute a workflow action',
      security: session,
      parameters: [contract],
      requestBody: body(ref('WorkflowAction')),
      responses: plain(),
    },
  },
  '/api/contracts/{ContractID}/apidetails': {
    get: {
      operationId: 'getContractApiDetails',
      summary: 'Get the API of a contract',
      security: session,
      parameters: [contract],
      responses: object(ref('API')),
    },
  },
  '/api/contracts/{ContractID}/appdetails': {
    get: {
      operationId: 'getContractAppDetails',
      summary: 'Get the app of a contract',
      security: session,
      parameters: [contract],
      responses: object(ref('App')),
    },
  },
  '/api/workflow/objects/{ObjectID}/actions': {
    get: workflowPath,
    post: {
      operationId: 'executeWorkflowAction',
      summary: 'Execute a workflow action of any object',
      security: session,
      parameters: [id('ObjectID')],
      requestBody: body(ref('WorkflowAction')),
      responses: plain(),
    },
  },
};

export const schemas: Record<string, OpenAPIV3_1.SchemaObject> = {
  WorkflowAction: {
    type: 'object',
    required: ['ActionName'],
    properties: { ActionName: text, Comments: text },
  },
  Contract: exactly({
    ContractID: text,
    Name: text,
    Description: text,
    APIVersionID: text,
    Endpoint: { type: 'array', items: ref('Endpoint') },
    RuntimeID: text,
    Environment: { type: 'string', enum: ['Sandbox', 'Production'] },
    Policies: exactly({ Policy: { type: 'array', items: exactly({ PolicyKey: text }) } }),
    State: text,
    ContractScope: exactly({ Restricted: truth, LicenseID: texts }),
    Status: text,
    Updated: { type: 'string', description: 'ISO 8601.' },
    UpdatedInMillis: { type: 'integer' },
  }),
  Contracts: exactly({ Contract: { type: 'array', items: ref('Contract') } }),
};
