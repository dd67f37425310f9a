// React's side of the live world.
//
//   const live = useLive();                    // the tab's one session
//   useWant('all');                            // keeps positions coming while the page is shown
//   const open = useWorld((w) => w.alarms.size) // rendered again when the value changes
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useMe } from '@/api/session';
import { Session, type Want } from './session';
import type { World } from './world';

let session: { of: string; live: Session } | undefined;

/** The tab's session; a new one for whoever signs in next. */
export function useLive(): Session {
  const me = useMe();
  if (session?.of !== me.user.id) session = { of: me.user.id, live: new Session(me.may) };
  return session.live;
}

/** Keeps the stream running, with the positions that a page wants. */
export function useWant(want: Want): void {
  const live = useLive();
  const held = useRef<ReturnType<Session['want']>>(undefined);
  const first = useRef(want);
  useEffect(() => {
    held.current = live.want(first.current);
    return () => held.current?.end();
  }, [live]);
  const text = JSON.stringify(want);
  useEffect(() => {
    first.current = want;
    held.current?.change(want);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- by value
  }, [text]);
}

/** Reads /me anew when the stream says that the caller's rights have changed: the menu follows at once. */
export function useRights(): void {
  const live = useLive();
  const client = useQueryClient();
  useWant('none');
  useEffect(() => {
    let seen = live.rights;
    return live.subscribe(() => {
      if (live.rights === seen) return;
      seen = live.rights;
      void client.invalidateQueries({ queryKey: ['me'] });
    });
  }, [live, client]);
}

/** A value of the world; the component is rendered again when it changes. */
export function useWorld<T extends string | number | boolean | object | undefined>(select: (w: World) => T): T {
  const { world } = useLive();
  const last = useRef<{ version: number; value: T; select: typeof select }>(undefined);
  const read = () => {
    const known = last.current;
    if (known && known.version === world.version && known.select === select) return known.value;
    const value = select(world);
    // A list made anew with the same members is the same.
    const kept = known && same(known.value, value) ? known.value : value;
    last.current = { version: world.version, value: kept, select };
    return kept;
  };
  return useSyncExternalStore(world.subscribe, read);
}

function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((v, i) => Object.is(v, b[i]));
  return false;
}

/** Rises with every change of the world, for components that show much of it. */
export function useWorldVersion(): number {
  const { world } = useLive();
  return useSyncExternalStore(world.subscribe, () => world.version);
}

/** Seconds without a connection, 0 while there is one; and whether all was read once. */
export function useLink(): { down: number; loaded: boolean } {
  const live = useLive();
  const [state, set] = useState(() => ({ down: live.down(), loaded: live.loaded }));
  useEffect(() => {
    const look = () => set((old) => {
      const now = { down: live.down(), loaded: live.loaded };
      return old.down === now.down && old.loaded === now.loaded ? old : now;
    });
    look();
    return live.subscribe(look);
  }, [live]);
  return state;
}

export type { Alarm, Crowd, Dev, Device, Event, Position, World } from './world';
export { isAlarm, isOpen, isUnseen } from './world';
