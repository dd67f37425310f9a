// Exports and imports as their panel sees them.
import { useQuery } from '@tanstack/react-query';
import { http, type Schemas } from '@/api/client';
import { useCan } from '@/api/session';

export type Job = Schemas['Job'];

export const isOpen = (j: Pick<Job, 'state'>) => j.state === 'pending' || j.state === 'running';
/** Orange while it waits or runs, green once done, red if it failed. */
export const toneOf = (j: Pick<Job, 'state'>) => (isOpen(j) ? 'orange' : j.state === 'done' ? 'green' : 'red');

/** What to look at again: open jobs often, else now and then. */
export const pace = (jobs: Pick<Job, 'state'>[] | undefined) => (jobs?.some(isOpen) ? 1500 : 60_000);

/** Ended since somebody looked last. */
export const fresh = (jobs: Job[], seen: string) => jobs.filter((j) => !isOpen(j) && !j.downloaded && (j.finished ?? '') > seen);

export function useJobs() {
  const can = useCan();
  return useQuery({
    queryKey: ['jobs'], enabled: can('job.read'), refetchInterval: (q) => pace(q.state.data),
    queryFn: async () => (await http.GET('/api/v1/jobs')).data!.items,
  });
}

export const fileOf = (j: Pick<Job, 'id'>) => `/api/v1/jobs/${j.id}/file`;
export const errorsOf = (j: Pick<Job, 'id'>) => `/api/v1/jobs/${j.id}/errors`;
