import { expect, it } from 'vitest';
import { parse } from './events';

it('reads a block of the stream', () => {
  expect(parse('id: 7\nevent: job\ndata: {"job_id":"x","status":"running"}')).toEqual({
    id: '7',
    event: { kind: 'job', params: { job_id: 'x', status: 'running' } },
  });
  expect(parse('id: 8')).toEqual({ id: '8', event: null });
  expect(parse(': beat')).toEqual({ id: '', event: null });
  expect(parse('id: 9\nevent: later\ndata: {}')).toEqual({ id: '9', event: null });
  expect(parse('id: 9\nevent: job\ndata: {')).toEqual({ id: '9', event: null });
  expect(parse('id: 10\nevent: reset\ndata: {}').event?.kind).toBe('reset');
});
