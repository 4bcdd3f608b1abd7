// Apart from what tells it by stamps alone: this one loads Node's hashes.
export { isCurrent } from '@connectorkit/sdk';
