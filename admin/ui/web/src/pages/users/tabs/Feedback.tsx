import { Stack } from '@mantine/core';
import { CommentList } from '@/parts/CommentList';
import type { StoredProps } from '../lockedTabs';

/** What colleagues noted about the person. */
export default function Feedback({ user }: StoredProps) {
  return <Stack maw={720}><CommentList owner={user.company ?? ''} about={{ user: user.id }} /></Stack>;
}
