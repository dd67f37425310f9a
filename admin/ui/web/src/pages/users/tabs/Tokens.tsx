import { Stack } from '@mantine/core';
import { useMe } from '@/api/session';
import { TokenList } from '@/parts/TokenList';
import type { StoredProps } from '../lockedTabs';

/** Keys for programs that act in the person's name. */
export default function Tokens({ user }: StoredProps) {
  const me = useMe();
  return <Stack maw={820}><TokenList of={user.id === me.user.id ? undefined : user.id} name={user.name} locked={user.id !== me.user.id && user.role === me.user.role} /></Stack>;
}
