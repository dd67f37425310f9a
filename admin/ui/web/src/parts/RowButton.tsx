import { ActionIcon, Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Icon } from '@tabler/icons-react';

interface Props {
  label: string;
  icon: Icon;
  color?: string;
  onClick?: () => void;
  to?: string;
  newTab?: boolean;
}

/** One of the coloured buttons at a row's end: green edit, red delete, green panel. */
export function RowButton({ label, icon: Glyph, color = 'gray', onClick, to, newTab }: Props) {
  const shared = { variant: 'light' as const, color, 'aria-label': label };
  const glyph = <Glyph size={17} stroke={1.7} />;
  return (
    <Tooltip label={label}>
      {to ? <ActionIcon {...shared} component={Link} to={to} target={newTab ? '_blank' : undefined}>{glyph}</ActionIcon> : <ActionIcon {...shared} onClick={onClick}>{glyph}</ActionIcon>}
    </Tooltip>
  );
}
