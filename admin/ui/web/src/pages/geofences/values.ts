// What the form of a fence holds, and what the API takes of it.
import type { Schemas } from '@/api/client';
import { clean } from '@/parts/clean';
import { toShape, type Draft } from './draft';

export type Fence = Schemas['Fence'];

export interface Values {
  name: string;
  colour: string;
  owner: string;
  inside: boolean;
  outside: boolean;
  preset: Fence['preset'];
  everyDevice: boolean;
  targets: { devices: string[]; labels: string[] };
  speedLimit: number | '';
  paused: boolean;
}

export const COLOURS = ['#0b7285', '#2f9e44', '#1971c2', '#6741d9', '#c2255c', '#e03131', '#e8590c', '#f08c00', '#66a80f', '#495057'];

export const valuesOf = (f: Fence | undefined, owner: string): Values => ({
  name: f?.name ?? '', colour: f?.colour || COLOURS[0]!, owner: f?.owner ?? owner,
  inside: f?.inside ?? true, outside: f?.outside ?? true, preset: f?.preset ?? 'balanced',
  everyDevice: f?.targets.all ?? true, targets: { devices: f?.targets.devices ?? [], labels: f?.targets.labels ?? [] },
  speedLimit: f?.speedLimit || '', paused: f?.paused ?? false,
});

/** What the form does not show stays as it was. */
export function inputOf(v: Values, draft: Draft, stored?: Fence): Schemas['FenceInput'] {
  return clean({
    owner: stored?.owner ?? v.owner, name: v.name.trim(), colour: v.colour, shape: toShape(draft) as unknown as Schemas['FenceInput']['shape'],
    inside: v.inside, outside: v.outside, preset: v.preset, speedLimit: v.speedLimit === '' ? undefined : v.speedLimit, paused: v.paused,
    targets: v.everyDevice ? { all: true, inner: stored?.targets.all ? stored.targets.inner : true } : v.targets,
    custom: stored?.custom, schedule: stored?.schedule, minPass: stored?.minPass, noPasses: stored?.noPasses, alertIfInside: stored?.alertIfInside,
    version: stored?.version,
  }) as Schemas['FenceInput'];
}
