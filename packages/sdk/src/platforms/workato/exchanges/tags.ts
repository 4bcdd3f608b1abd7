import { type Exchange, json, leaving } from '../../exchange.ts';
import { OWN_CLIENT, UNREAD } from './sources.ts';

/** The workspace's own tags, as Workato's command line expects them. */

const TESTS = `${OWN_CLIENT}/internal/api/tags_test.go (2026-07-21)`;
const SHORT = 'the test prints the handle and the title alone';
const HANDLE = 'handles are made in the form that Workato’s pages show';

const at = '2026-07-21T18:36:30.000Z';
const later = '2031-02-03T04:05:06.007Z';
const before = '2026-01-01T00:00:00.000Z';
const beginning = { created_at: before, updated_at: before };

export const tags: readonly Exchange[] = [
  {
    operation: 'listWorkspaceTags',
    source: `${TESTS}, TestTagService_List, without its search`,
    given: { workspace: { tags: [{ handle: 'h1', title: 'Tag 1' }] } },
    http: 'GET /api/tags',
    request: {},
    ...leaving(json({ data: { tags: [{ handle: 'h1', title: 'Tag 1' }] } }), [
      ['data/tags/0/description', '', SHORT],
      ['data/tags/0/color', 'blue', SHORT],
      ['data/tags/0/created_at', before, SHORT],
      ['data/tags/0/updated_at', before, SHORT],
    ]),
    changed: {
      given: {
        tokens: [{ token: 'other' }],
        workspace: { tags: [{ handle: 'tag-x', title: 'X', description: 'Y', color: 'red' }, { handle: 'tag-z' }] },
      },
      http: 'GET /api/tags',
      request: { headers: { authorization: 'Bearer other' } },
      answer: json({
        data: {
          tags: [
            { handle: 'tag-x', title: 'X', description: 'Y', color: 'red', ...beginning },
            { handle: 'tag-z', title: 'tag-z', description: '', color: 'blue', ...beginning },
          ],
        },
      }),
    },
  },
  {
    operation: 'createWorkspaceTag',
    source: `${TESTS}, TestTagService_Create`,
    given: {},
    at,
    http: 'POST /api/tags',
    request: { body: { title: 'My Tag' } },
    ...leaving(json({ handle: 'my-tag', title: 'My Tag' }), [
      ['handle', 'tag-db38d4c3-2a732c', HANDLE],
      ['description', '', SHORT],
      ['color', 'blue', SHORT],
      ['created_at', at, SHORT],
      ['updated_at', at, SHORT],
    ]),
    changed: {
      given: {},
      at: later,
      http: 'POST /api/tags',
      request: { body: { title: 'Other', description: 'Theirs', color: 'red' } },
      answer: json({
        handle: 'tag-db38d4c3-2a732c',
        title: 'Other',
        description: 'Theirs',
        color: 'red',
        created_at: later,
        updated_at: later,
      }),
    },
  },
  {
    operation: 'updateWorkspaceTag',
    source: `${TESTS}, TestTagService_Update`,
    given: { workspace: { tags: [{ handle: 'my-tag', title: 'Before' }] } },
    at,
    http: 'PUT /api/tags/my-tag',
    request: { path: { handle: 'my-tag' }, body: { title: 'Updated' } },
    ...leaving(json({ handle: 'my-tag', title: 'Updated' }), [
      ['description', '', SHORT],
      ['color', 'blue', SHORT],
      ['created_at', before, SHORT],
      ['updated_at', at, SHORT],
    ]),
    changed: {
      given: { workspace: { tags: [{ handle: 'tag-x', title: 'Kept' }] } },
      at: later,
      http: 'PUT /api/tags/tag-x',
      request: { path: { handle: 'tag-x' }, body: { color: 'red' } },
      answer: json({
        handle: 'tag-x',
        title: 'Kept',
        description: '',
        color: 'red',
        created_at: before,
        updated_at: later,
      }),
    },
  },
  {
    operation: 'deleteWorkspaceTag',
    source: `${TESTS}, TestTagService_Delete`,
    given: { workspace: { tags: [{ handle: 'my-tag' }] } },
    http: 'DELETE /api/tags/my-tag',
    request: { path: { handle: 'my-tag' } },
    answer: json({ success: true }),
    deviations: [{ path: '/body', page: '', ours: { success: true }, why: UNREAD }],
    changed: {
      given: { workspace: { tags: [{ handle: 'tag-x' }] } },
      http: 'DELETE /api/tags/tag-x',
      request: { path: { handle: 'tag-x' } },
      answer: json({ success: true }),
    },
  },
];
