import type { Exchange } from '../../exchange.ts';

const PAGE =
  'Akana’s page "POST /api/contracts/{ContractID}/actions": sample request; what the answer says is not printed';

const joined = (tenant: string, state: string) => ({
  settings: { tenant },
  apis: [{ id: `api1.${tenant}`, versions: [{ id: `apiversion1.${tenant}` }] }],
  apps: [{ id: `app1.${tenant}`, versions: [{ id: `appversion1.${tenant}` }] }],
  contracts: [
    {
      id: `contract23622.${tenant}`,
      api_version: `apiversion1.${tenant}`,
      app_version: `appversion1.${tenant}`,
      environment: 'Production',
      state,
    },
  ],
});

export const contracts: readonly Exchange[] = [
  {
    operation: 'executeContractAction',
    source: PAGE,
    given: joined('acmepaymentscorp', 'apicontract.status.approved'),
    http: 'POST /api/contracts/contract23622.acmepaymentscorp/actions',
    request: {
      path: { ContractID: 'contract23622.acmepaymentscorp' },
      body: { ActionName: 'apicontract.action.activate', Comments: 'Granting production access (activating).' },
    },
    answer: { status: 200, mediaType: 'text/plain', body: 'apicontract.status.activated' },
    changed: {
      given: joined('globex', 'apicontract.status.activated'),
      http: 'POST /api/contracts/contract23622.globex/actions',
      request: {
        path: { ContractID: 'contract23622.globex' },
        body: { ActionName: 'apicontract.action.suspend', Comments: 'Not for now.' },
      },
      answer: { status: 200, mediaType: 'text/plain', body: 'apicontract.status.suspended' },
    },
  },
];
