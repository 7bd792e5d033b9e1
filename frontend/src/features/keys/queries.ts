import { queryOptions } from '@tanstack/react-query';
import { type Answer, type Body, call, http } from '@/api/client';

export type Keys = Answer<'/api/v1/keys', 'get'>;
export type MasterKey = Keys['master_keys'][number];
export type Rotation = NonNullable<Keys['rotation']>;
export type RotationKind = Body<'/api/v1/keys/rotations', 'post'>['kind'];

const LIVE_MS = 2000;

export const isRunning = (keys: Keys): boolean =>
  keys.rotation?.status === 'queued' || keys.rotation?.status === 'running';

export const keysQuery = queryOptions({
  queryKey: ['keys'],
  queryFn: ({ signal }) => call(http.GET('/api/v1/keys', { signal })),
  refetchInterval: (query) => (query.state.data && isRunning(query.state.data) ? LIVE_MS : false),
});

export const rotate = (kind: RotationKind) => call(http.POST('/api/v1/keys/rotations', { body: { kind } }));
