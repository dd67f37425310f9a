import { Badge, Group, Text } from '@mantine/core';
import { useT } from '@/i18n';
import { levelsOf } from './topic';
import { words } from './words';

/** A topic in its levels, with a mark at those that name the device and the sub-account. */
export function Levels({ topic, format = '', deviceLevel, subLevel }: { topic: string; format?: string; deviceLevel?: number | ''; subLevel?: number | '' }) {
  const t = useT(words);
  return (
    <Group gap={4} wrap="wrap" align="flex-start">
      {levelsOf(topic, format, deviceLevel, subLevel).map((l, i) => (
        <Group key={i} gap={4} wrap="nowrap" align="flex-start">
          {i > 0 && <Text c="dimmed" aria-hidden>/</Text>}
          <div style={{ textAlign: 'center', minWidth: 0 }}>
            <Badge tt="none" radius="sm" variant={l.is ? 'light' : 'default'} color={l.is === 'device' ? 'green' : l.is === 'sub' ? 'violet' : 'gray'} style={{ fontFamily: 'monospace', maxWidth: '100%' }}>{l.text || '·'}</Badge>
            {l.is && <Text size="xs" c="dimmed">{t(l.is === 'device' ? 'levelDevice' : 'levelSub')}</Text>}
          </div>
        </Group>
      ))}
    </Group>
  );
}
