import { expect, test } from 'vitest';
import { parse, quantile, rates, sum } from './metrics';

const text = `# HELP x y
vigia_ingest_frames_total{proto="gt06",result="accepted"} 100
vigia_ingest_frames_total{proto="gt06",result="refused"} 1
vigia_ingest_frames_total{proto="h02",result="accepted"} 0
vigia_ingest_connections{proto="gt06"} 9
vigia_engine_append_seconds_bucket{vmrange="1.000e-04...1.136e-04"} 98
vigia_engine_append_seconds_bucket{vmrange="9.000e-03...1.000e-02"} 2
vigia_engine_backlog_seconds 0.5
process_start_time_seconds 1.795328268e+09
`;

test('samples, sums, quantiles and rates are read from the text', () => {
  const now = parse(text);
  expect(sum(now, 'vigia_ingest_frames_total', { proto: 'gt06' })).toBe(101);
  expect(sum(now, 'process_start_time_seconds')).toBe(1795328268);
  expect(quantile(now, 'vigia_engine_append_seconds', 0.5)).toBeCloseTo(0.0001136);
  expect(quantile(now, 'vigia_engine_append_seconds', 0.99)).toBeCloseTo(0.01);
  expect(quantile(now, 'nothing', 0.5)).toBeUndefined();
  const before = parse('vigia_ingest_frames_total{proto="gt06",result="accepted"} 51');
  expect(rates(before, now, 5)).toEqual([{ proto: 'gt06', perSecond: 10, open: 9 }, { proto: 'h02', perSecond: 0, open: 0 }]);
});
