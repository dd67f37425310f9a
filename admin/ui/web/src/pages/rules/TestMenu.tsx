// A test message through the channels that a notification uses.
import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { useT } from '@/i18n';
import { SendTest } from '@/pages/settings/channels/SendTest';
import type { Channel, Notification } from './data';
import { words } from './words';

export function TestMenu({ notification: n }: { notification: Notification }) {
  const t = useT(words);
  const [channel, setChannel] = useState<Channel>();
  const channels = n.channels as Channel[], label = `${t('sendTest')}: ${n.description}`;
  const glyph = <IconSend size={17} stroke={1.7} />;
  return (
    <>
      {channels.length === 1 ? (
        <Tooltip label={label}><ActionIcon variant="light" color="gray" aria-label={label} onClick={() => setChannel(channels[0])}>{glyph}</ActionIcon></Tooltip>
      ) : (
        <Menu position="bottom-end">
          <Menu.Target><Tooltip label={label}><ActionIcon variant="light" color="gray" aria-label={label}>{glyph}</ActionIcon></Tooltip></Menu.Target>
          <Menu.Dropdown>{channels.map((c) => <Menu.Item key={c} onClick={() => setChannel(c)}>{t(c)}</Menu.Item>)}</Menu.Dropdown>
        </Menu>
      )}
      {channel && <SendTest channel={channel} name={t(channel)} onClose={() => setChannel(undefined)} />}
    </>
  );
}
