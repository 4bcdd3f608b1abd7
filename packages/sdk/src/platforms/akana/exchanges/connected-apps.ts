import type { Exchange } from '../../exchange.ts';

/*
 * The page's two samples. It contradicts itself in what is asked: its address names apiversion19126, its request
 * facf4025-5a72-46aa-a61e-1f5172647682 and application/json; both answers speak of the version that is asked for here,
 * in the media types that stand over them.
 */

const PAGE = 'Akana’s page "GET /api/apis/versions/{APIVersionID}/connectedapps"';

/** State before the exchanges: one API, two apps, a contract each. */
const given = {
  settings: { address: 'http://acmepaymentscorp.com' },
  apis: [
    {
      id: '09f82858-aa96-47af-85f7-4e1c40c2b657.acmepaymentscorp',
      name: 'Swagger_Petstore_Subset',
      avatar: '_VYOYCjcINs6JPVByUx741oA',
      versions: [{ id: 'cd423b31-16f9-4f3d-8882-72f69ef13302.acmepaymentscorp', name: 'v1' }],
    },
  ],
  apps: [
    {
      id: '5ebd683b-5509-4dfc-8ad8-03a76686da6d.acmepaymentscorp',
      name: 'App GenTest Postman',
      avatar: '_VYOYCjcINs6JPVByUx741oA',
      versions: [{ id: 'ZynDtOcZoqJCQ6Rcp6Ij8LZprHIC0adx2zi7qh1c.acmepaymentscorp', name: '1.0' }],
    },
    {
      id: '7aac1e1b-321f-49e9-b3f0-a820b277223c.acmepaymentscorp',
      name: 'Crosfhocal',
      avatar: '_VYOYCjcINs6JPVByUx741oA',
      versions: [{ id: 'CPojfy6EdGprUugabflFTbfZCtXtfvaJOWeXfWjB.acmepaymentscorp', name: '1.0' }],
    },
  ],
  contracts: [
    {
      id: '9d50e439-2e50-4393-8053-f47706006f20.acmepaymentscorp',
      api_version: 'cd423b31-16f9-4f3d-8882-72f69ef13302.acmepaymentscorp',
      app_version: 'ZynDtOcZoqJCQ6Rcp6Ij8LZprHIC0adx2zi7qh1c.acmepaymentscorp',
      environment: 'Production',
      state: 'apicontract.status.activated',
      ticket: 'contract_request10353.acmepaymentscorp',
    },
    {
      id: '5ec34817-2847-4571-a3e4-ab130e069f27.acmepaymentscorp',
      api_version: 'cd423b31-16f9-4f3d-8882-72f69ef13302.acmepaymentscorp',
      app_version: 'CPojfy6EdGprUugabflFTbfZCtXtfvaJOWeXfWjB.acmepaymentscorp',
      environment: 'Production',
      state: 'apicontract.status.activated',
      ticket: 'contract_request10356.acmepaymentscorp',
    },
  ],
};

/** Another tenant’s: what every value of the samples could be as well. */
const otherGiven = {
  settings: { tenant: 'globex', address: 'https://portal.globex.example:9900' },
  apis: [
    {
      id: 'api-7.globex',
      name: 'Pay & <go>',
      visibility: 'com.soa.visibility.registered.users',
      avatar: '_other',
      versions: [
        {
          id: 'apiversion8.globex',
          name: '2.0-beta',
          resource_level_permissions: true,
          endpoints: [
            { Category: 'Sandbox', Uri: 'http://sandbox.globex.example/pay?a=1&b=2' },
            { Category: 'Production', Uri: 'http://globex.example/pay' },
          ],
        },
      ],
    },
  ],
  apps: [{ id: 'app9.globex', name: '"Quoted"', avatar: '_mine', versions: [{ id: 'av10.globex', name: '3' }] }],
  contracts: [
    {
      id: 'contract11.globex',
      api_version: 'apiversion8.globex',
      app_version: 'av10.globex',
      environment: 'Sandbox',
      state: 'apicontract.status.suspended',
      restricted: true,
      ticket: 'contract_request12.globex',
    },
  ],
};
const otherBody = {
  channel: {
    title: 'Apps Connected',
    item: [
      {
        title: 'contract11.globex',
        category: [
          { value: 'Sandbox', domain: 'uddi:soa.com:environment' },
          { value: 'apicontract.status.suspended', domain: 'uddi:soa.com:wfstate' },
          { value: 'com.soa.apicontract.inforce', domain: 'uddi:soa.com:status' },
          { value: 'true', domain: 'uddi:soa.com:restrictedscope' },
        ],
        guid: { value: 'contract11.globex' },
        EntityReferences: {
          EntityReference: [
            {
              Title: '2.0-beta',
              Guid: 'apiversion8.globex',
              Category: [
                { value: 'apiversion', domain: 'uddi:soa.com:resourcetype' },
                { value: 'com.soa.visibility.registered.users', domain: 'uddi:soa.com:visibility' },
                {
                  value: 'uddi:soa.com:api:resource-level-permissions-supported',
                  domain: 'uddi:soa.com:api:resource-level-permissions',
                },
              ],
            },
            {
              Title: 'Pay & <go>',
              Guid: 'api-7.globex',
              Category: [{ value: 'api', domain: 'uddi:soa.com:resourcetype' }],
            },
            {
              Title: '3',
              Guid: 'av10.globex',
              Category: [{ value: 'app-version', domain: 'uddi:soa.com:resourcetype' }],
            },
            {
              Title: '"Quoted"',
              Guid: 'app9.globex',
              Category: [{ value: 'app', domain: 'uddi:soa.com:resourcetype' }],
            },
            {
              Guid: 'contract_request12.globex',
              Category: [{ value: 'board-item', domain: 'uddi:soa.com:resourcetype' }],
            },
          ],
        },
        Image: [
          {
            Url: 'https://portal.globex.example:9900/api/apis/avatar/_other',
            Title: 'api',
            Link: '#/api/api-7.globex/versions/apiversion8.globex/details',
          },
          {
            Url: 'https://portal.globex.example:9900/api/apps/avatar/_mine',
            Title: 'app',
            Link: '#/app/app9.globex/versions/av10.globex/details',
          },
        ],
        Endpoints: [{ Category: 'Sandbox', Uri: 'http://sandbox.globex.example/pay?a=1&b=2' }],
      },
    ],
  },
  version: '1.0',
};

const sampleBody = {
  channel: {
    title: 'Apps Connected',
    item: [
      {
        title: '9d50e439-2e50-4393-8053-f47706006f20.acmepaymentscorp',
        category: [
          {
            value: 'Production',
            domain: 'uddi:soa.com:environment',
          },
          {
            value: 'apicontract.status.activated',
            domain: 'uddi:soa.com:wfstate',
          },
          {
            value: 'com.soa.apicontract.inforce',
            domain: 'uddi:soa.com:status',
          },
          {
            value: 'false',
            domain: 'uddi:soa.com:restrictedscope',
          },
        ],
        guid: {
          value: '9d50e439-2e50-4393-8053-f47706006f20.acmepaymentscorp',
        },
        EntityReferences: {
          EntityReference: [
            {
              Title: 'v1',
              Guid: 'cd423b31-16f9-4f3d-8882-72f69ef13302.acmepaymentscorp',
              Category: [
                {
                  value: 'apiversion',
                  domain: 'uddi:soa.com:resourcetype',
                },
                {
                  value: 'Public',
                  domain: 'uddi:soa.com:visibility',
                },
                {
                  value: 'uddi:soa.com:api:resource-level-permissions-notsupported',
                  domain: 'uddi:soa.com:api:resource-level-permissions',
                },
              ],
            },
            {
              Title: 'Swagger_Petstore_Subset',
              Guid: '09f82858-aa96-47af-85f7-4e1c40c2b657.acmepaymentscorp',
              Category: [
                {
                  value: 'api',
                  domain: 'uddi:soa.com:resourcetype',
                },
              ],
            },
            {
              Title: '1.0',
              Guid: 'ZynDtOcZoqJCQ6Rcp6Ij8LZprHIC0adx2zi7qh1c.acmepaymentscorp',
              Category: [
                {
                  value: 'app-version',
                  domain: 'uddi:soa.com:resourcetype',
                },
              ],
            },
            {
              Title: 'App GenTest Postman',
              Guid: '5ebd683b-5509-4dfc-8ad8-03a76686da6d.acmepaymentscorp',
              Category: [
                {
                  value: 'app',
                  domain: 'uddi:soa.com:resourcetype',
                },
              ],
            },
            {
              Guid: 'contract_request10353.acmepaymentscorp',
              Category: [
                {
                  value: 'board-item',
                  domain: 'uddi:soa.com:resourcetype',
                },
              ],
            },
          ],
        },
        Image: [
          {
            Url: 'http://acmepaymentscorp.com/api/apis/avatar/_VYOYCjcINs6JPVByUx741oA',
            Title: 'api',
            Link: '#/api/09f82858-aa96-47af-85f7-4e1c40c2b657.acmepaymentscorp/versions/cd423b31-16f9-4f3d-8882-72f69ef13302.acmepaymentscorp/details',
          },
          {
            Url: 'http://acmepaymentscorp.com/api/apps/avatar/_VYOYCjcINs6JPVByUx741oA',
            Title: 'app',
            Link: '#/app/5ebd683b-5509-4dfc-8ad8-03a76686da6d.acmepaymentscorp/versions/ZynDtOcZoqJCQ6Rcp6Ij8LZprHIC0adx2zi7qh1c.acmepaymentscorp/details',
          },
        ],
      },
      {
        title: '5ec34817-2847-4571-a3e4-ab130e069f27.acmepaymentscorp',
        category: [
          {
            value: 'Production',
            domain: 'uddi:soa.com:environment',
          },
          {
            value: 'apicontract.status.activated',
            domain: 'uddi:soa.com:wfstate',
          },
          {
            value: 'com.soa.apicontract.inforce',
            domain: 'uddi:soa.com:status',
          },
          {
            value: 'false',
            domain: 'uddi:soa.com:restrictedscope',
          },
        ],
        guid: {
          value: '5ec34817-2847-4571-a3e4-ab130e069f27.acmepaymentscorp',
        },
        EntityReferences: {
          EntityReference: [
            {
              Title: 'v1',
              Guid: 'cd423b31-16f9-4f3d-8882-72f69ef13302.acmepaymentscorp',
              Category: [
                {
                  value: 'apiversion',
                  domain: 'uddi:soa.com:resourcetype',
                },
                {
                  value: 'Public',
                  domain: 'uddi:soa.com:visibility',
                },
                {
                  value: 'uddi:soa.com:api:resource-level-permissions-notsupported',
                  domain: 'uddi:soa.com:api:resource-level-permissions',
                },
              ],
            },
            {
              Title: 'Swagger_Petstore_Subset',
              Guid: '09f82858-aa96-47af-85f7-4e1c40c2b657.acmepaymentscorp',
              Category: [
                {
                  value: 'api',
                  domain: 'uddi:soa.com:resourcetype',
                },
              ],
            },
            {
              Title: '1.0',
              Guid: 'CPojfy6EdGprUugabflFTbfZCtXtfvaJOWeXfWjB.acmepaymentscorp',
              Category: [
                {
                  value: 'app-version',
                  domain: 'uddi:soa.com:resourcetype',
                },
              ],
            },
            {
              Title: 'Crosfhocal',
              Guid: '7aac1e1b-321f-49e9-b3f0-a820b277223c.acmepaymentscorp',
              Category: [
                {
                  value: 'app',
                  domain: 'uddi:soa.com:resourcetype',
                },
              ],
            },
            {
              Guid: 'contract_request10356.acmepaymentscorp',
              Category: [
                {
                  value: 'board-item',
                  domain: 'uddi:soa.com:resourcetype',
                },
              ],
            },
          ],
        },
        Image: [
          {
            Url: 'http://acmepaymentscorp.com/api/apis/avatar/_VYOYCjcINs6JPVByUx741oA',
            Title: 'api',
            Link: '#/api/09f82858-aa96-47af-85f7-4e1c40c2b657.acmepaymentscorp/versions/cd423b31-16f9-4f3d-8882-72f69ef13302.acmepaymentscorp/details',
          },
          {
            Url: 'http://acmepaymentscorp.com/api/apps/avatar/_VYOYCjcINs6JPVByUx741oA',
            Title: 'app',
            Link: '#/app/7aac1e1b-321f-49e9-b3f0-a820b277223c.acmepaymentscorp/versions/CPojfy6EdGprUugabflFTbfZCtXtfvaJOWeXfWjB.acmepaymentscorp/details',
          },
        ],
      },
    ],
  },
  version: '1.0',
};

const sampleXML = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<rss xmlns:ns2="http://soa.com/xsd/business/1.0" xmlns:ns3="http://soa.com/xsd/user/1.0" xmlns:ns4="http://soa.com/xsd/rss/1.0" xmlns:ns5="http://soa.com/xsd/comment/1.0" xmlns:ns6="http://soa.com/xsd/board/1.0" xmlns:ns7="http://soa.com/xsd/dnmodel/1.0" xmlns:ns8="http://a9.com/-/spec/opensearch/1.1/" xmlns:ns9="http://soa.com/xsd/resource/1.0" xmlns:ns10="http://soa.com/xsd/legals/1.0" xmlns:ns11="http://soa.com/xsd/fault/1.0" xmlns:ns12="http://soa.com/xsd/api/1.0" xmlns:ns13="http://soa.com/xsd/deploymentzone/1.0" xmlns:ns14="http://soa.com/xsd/asset/1.0" xmlns:ns15="http://soa.com/xsd/ticket/1.0" xmlns:ns16="http://soa.com/xsd/app/1.0" xmlns:ns17="http://soa.com/xsd/review/1.0" xmlns:ns18="http://soa.com/xsd/alert/1.0" xmlns:ns19="http://soa.com/xsd/contract/1.0" xmlns:ns20="http://soa.com/xsd/discussion/1.0" xmlns:ns21="http://soa.com/xsd/search/1.0" xmlns:ns22="http://soa.com/xsd/workflow/1.0" xmlns:ns23="http://soa.com/xsd/client/services/1.0" xmlns:ns24="http://soa.com/xsd/oauth/1.0" version="1.0">
  <channel>
    <title>Apps Connected</title>
    <item>
      <title>9d50e439-2e50-4393-8053-f47706006f20.acmepaymentscorp</title>
      <category domain="uddi:soa.com:environment">Production</category>
      <category domain="uddi:soa.com:wfstate">apicontract.status.activated</category>
      <category domain="uddi:soa.com:status">com.soa.apicontract.inforce</category>
      <category domain="uddi:soa.com:restrictedscope">false</category>
      <guid>9d50e439-2e50-4393-8053-f47706006f20.acmepaymentscorp</guid>
      <ns4:EntityReferences>
        <ns4:EntityReference>
          <Title>v1</Title>
          <Guid>cd423b31-16f9-4f3d-8882-72f69ef13302.acmepaymentscorp</Guid>
          <ns4:Category domain="uddi:soa.com:resourcetype">apiversion</ns4:Category>
          <ns4:Category domain="uddi:soa.com:visibility">Public</ns4:Category>
          <ns4:Category domain="uddi:soa.com:api:resource-level-permissions">uddi:soa.com:api:resource-level-permissions-notsupported</ns4:Category>
        </ns4:EntityReference>
        <ns4:EntityReference>
          <Title>Swagger_Petstore_Subset</Title>
          <Guid>09f82858-aa96-47af-85f7-4e1c40c2b657.acmepaymentscorp</Guid>
          <ns4:Category domain="uddi:soa.com:resourcetype">api</ns4:Category>
        </ns4:EntityReference>
        <ns4:EntityReference>
          <Title>1.0</Title>
          <Guid>ZynDtOcZoqJCQ6Rcp6Ij8LZprHIC0adx2zi7qh1c.acmepaymentscorp</Guid>
          <ns4:Category domain="uddi:soa.com:resourcetype">app-version</ns4:Category>
        </ns4:EntityReference>
        <ns4:EntityReference>
          <Title>App GenTest Postman</Title>
          <Guid>5ebd683b-5509-4dfc-8ad8-03a76686da6d.acmepaymentscorp</Guid>
          <ns4:Category domain="uddi:soa.com:resourcetype">app</ns4:Category>
        </ns4:EntityReference>
        <ns4:EntityReference>
          <Guid>contract_request10353.acmepaymentscorp</Guid>
          <ns4:Category domain="uddi:soa.com:resourcetype">board-item</ns4:Category>
        </ns4:EntityReference>
      </ns4:EntityReferences>
      <ns4:Image>
        <Url>http://testing.acmepaymentscorp.com/api/apis/avatar/_VYOYCjcINs6JPVByUx741oA</Url>
        <Title>api</Title>
        <Link>#/api/09f82858-aa96-47af-85f7-4e1c40c2b657.acmepaymentscorp/versions/cd423b31-16f9-4f3d-8882-72f69ef13302.acmepaymentscorp/details</Link>
      </ns4:Image>
      <ns4:Image>
        <Url>http://acmepaymentscorp.com/api/apps/avatar/_VYOYCjcINs6JPVByUx741oA</Url>
        <Title>app</Title>
        <Link>#/app/5ebd683b-5509-4dfc-8ad8-03a76686da6d.acmepaymentscorp/versions/ZynDtOcZoqJCQ6Rcp6Ij8LZprHIC0adx2zi7qh1c.acmepaymentscorp/details</Link>
      </ns4:Image>
    </item>
    <item>
      <title>5ec34817-2847-4571-a3e4-ab130e069f27.acmepaymentscorp</title>
      <category domain="uddi:soa.com:environment">Production</category>
      <category domain="uddi:soa.com:wfstate">apicontract.status.activated</category>
      <category domain="uddi:soa.com:status">com.soa.apicontract.inforce</category>
      <category domain="uddi:soa.com:restrictedscope">false</category>
      <guid>5ec34817-2847-4571-a3e4-ab130e069f27.acmepaymentscorp</guid>
      <ns4:EntityReferences>
        <ns4:EntityReference>
          <Title>v1</Title>
          <Guid>cd423b31-16f9-4f3d-8882-72f69ef13302.acmepaymentscorp</Guid>
          <ns4:Category domain="uddi:soa.com:resourcetype">apiversion</ns4:Category>
          <ns4:Category domain="uddi:soa.com:visibility">Public</ns4:Category>
          <ns4:Category domain="uddi:soa.com:api:resource-level-permissions">uddi:soa.com:api:resource-level-permissions-notsupported</ns4:Category>
        </ns4:EntityReference>
        <ns4:EntityReference>
          <Title>Swagger_Petstore_Subset</Title>
          <Guid>09f82858-aa96-47af-85f7-4e1c40c2b657.acmepaymentscorp</Guid>
          <ns4:Category domain="uddi:soa.com:resourcetype">api</ns4:Category>
        </ns4:EntityReference>
        <ns4:EntityReference>
          <Title>1.0</Title>
          <Guid>CPojfy6EdGprUugabflFTbfZCtXtfvaJOWeXfWjB.acmepaymentscorp</Guid>
          <ns4:Category domain="uddi:soa.com:resourcetype">app-version</ns4:Category>
        </ns4:EntityReference>
        <ns4:EntityReference>
          <Title>Crosfhocal</Title>
          <Guid>7aac1e1b-321f-49e9-b3f0-a820b277223c.acmepaymentscorp</Guid>
          <ns4:Category domain="uddi:soa.com:resourcetype">app</ns4:Category>
        </ns4:EntityReference>
        <ns4:EntityReference>
          <Guid>contract_request10356.acmepaymentscorp</Guid>
          <ns4:Category domain="uddi:soa.com:resourcetype">board-item</ns4:Category>
        </ns4:EntityReference>
      </ns4:EntityReferences>
      <ns4:Image>
        <Url>http://acmepaymentscorp.com/api/apis/avatar/_VYOYCjcINs6JPVByUx741oA</Url>
        <Title>api</Title>
        <Link>#/api/09f82858-aa96-47af-85f7-4e1c40c2b657.acmepaymentscorp/versions/cd423b31-16f9-4f3d-8882-72f69ef13302.acmepaymentscorp/details</Link>
      </ns4:Image>
      <ns4:Image>
        <Url>http://acmepaymentscorp.com/api/apps/avatar/_VYOYCjcINs6JPVByUx741oA</Url>
        <Title>app</Title>
        <Link>#/app/7aac1e1b-321f-49e9-b3f0-a820b277223c.acmepaymentscorp/versions/CPojfy6EdGprUugabflFTbfZCtXtfvaJOWeXfWjB.acmepaymentscorp/details</Link>
      </ns4:Image>
    </item>
  </channel>
</rss>`;

/** The same host for both pictures, where the page’s sample has another one for the first. */
const ourXML = sampleXML.replace('http://testing.acmepaymentscorp.com/', 'http://acmepaymentscorp.com/');

const otherXML = `${sampleXML.slice(0, sampleXML.indexOf('<channel>'))}
  <channel>
    <title>Apps Connected</title>
    <item>
      <title>contract11.globex</title>
      <category domain="uddi:soa.com:environment">Sandbox</category>
      <category domain="uddi:soa.com:wfstate">apicontract.status.suspended</category>
      <category domain="uddi:soa.com:status">com.soa.apicontract.inforce</category>
      <category domain="uddi:soa.com:restrictedscope">true</category>
      <guid>contract11.globex</guid>
      <ns4:EntityReferences>
        <ns4:EntityReference>
          <Title>2.0-beta</Title>
          <Guid>apiversion8.globex</Guid>
          <ns4:Category domain="uddi:soa.com:resourcetype">apiversion</ns4:Category>
          <ns4:Category domain="uddi:soa.com:visibility">com.soa.visibility.registered.users</ns4:Category>
          <ns4:Category domain="uddi:soa.com:api:resource-level-permissions">uddi:soa.com:api:resource-level-permissions-supported</ns4:Category>
        </ns4:EntityReference>
        <ns4:EntityReference>
          <Title>Pay &amp; &lt;go&gt;</Title>
          <Guid>api-7.globex</Guid>
          <ns4:Category domain="uddi:soa.com:resourcetype">api</ns4:Category>
        </ns4:EntityReference>
        <ns4:EntityReference>
          <Title>3</Title>
          <Guid>av10.globex</Guid>
          <ns4:Category domain="uddi:soa.com:resourcetype">app-version</ns4:Category>
        </ns4:EntityReference>
        <ns4:EntityReference>
          <Title>"Quoted"</Title>
          <Guid>app9.globex</Guid>
          <ns4:Category domain="uddi:soa.com:resourcetype">app</ns4:Category>
        </ns4:EntityReference>
        <ns4:EntityReference>
          <Guid>contract_request12.globex</Guid>
          <ns4:Category domain="uddi:soa.com:resourcetype">board-item</ns4:Category>
        </ns4:EntityReference>
      </ns4:EntityReferences>
      <ns4:Image>
        <Url>https://portal.globex.example:9900/api/apis/avatar/_other</Url>
        <Title>api</Title>
        <Link>#/api/api-7.globex/versions/apiversion8.globex/details</Link>
      </ns4:Image>
      <ns4:Image>
        <Url>https://portal.globex.example:9900/api/apps/avatar/_mine</Url>
        <Title>app</Title>
        <Link>#/app/app9.globex/versions/av10.globex/details</Link>
      </ns4:Image>
      <ns4:Endpoints>
        <ns4:Endpoint>
          <Category>Sandbox</Category>
          <Uri>http://sandbox.globex.example/pay?a=1&amp;b=2</Uri>
        </ns4:Endpoint>
      </ns4:Endpoints>
    </item>
  </channel>
</rss>`;

const path = { APIVersionID: 'cd423b31-16f9-4f3d-8882-72f69ef13302.acmepaymentscorp' };
const http = `GET /api/apis/versions/${path.APIVersionID}/connectedapps`;
const otherPath = { APIVersionID: 'apiversion8.globex' };
const otherHttp = 'GET /api/apis/versions/apiversion8.globex/connectedapps?Environment=sandbox';
const query = { Environment: 'sandbox' };

const V81_JSON = 'application/vnd.soa.v81+json';
const V81_XML = 'application/vnd.soa.v81+xml';

export const connectedApps: readonly Exchange[] = [
  {
    operation: 'getConnectedApps',
    source: `${PAGE}: sample response, ${V81_JSON}`,
    given,
    http,
    request: { path, headers: { accept: V81_JSON } },
    answer: { status: 200, mediaType: V81_JSON, body: sampleBody },
    changed: {
      given: otherGiven,
      http: otherHttp,
      request: { path: otherPath, query, headers: { accept: 'application/json' } },
      answer: { status: 200, mediaType: 'application/json', body: otherBody },
    },
  },
  {
    operation: 'getConnectedApps',
    source: `${PAGE}: sample response, ${V81_XML}`,
    given,
    http,
    request: { path, headers: { accept: V81_XML } },
    answer: { status: 200, mediaType: V81_XML, body: ourXML },
    changed: {
      given: otherGiven,
      http: otherHttp,
      request: { path: otherPath, query, headers: { accept: 'text/xml' } },
      answer: { status: 200, mediaType: 'text/xml', body: otherXML },
    },
    deviations: [
      {
        path: '/body',
        page: sampleXML,
        ours: ourXML,
        why: 'the first picture of the sample stands on testing.acmepaymentscorp.com, all others, and the same one in JSON, do not; ours are on one host',
      },
    ],
  },
];
