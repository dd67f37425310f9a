// The buttons on the map: the shapes, and what one does while drawing.
import { ActionIcon, Button, Paper, Tooltip, VisuallyHidden } from '@mantine/core';
import { IconArrowBackUp, IconCheck, IconCircle, IconPolygon, IconRoute, IconShape3, IconSquare, type Icon } from '@tabler/icons-react';
import { useT } from '@/i18n';
import type { Tool } from './editor';
import { words } from './words';

const shapes: [Tool, Icon][] = [['polygon', IconPolygon], ['square', IconSquare], ['circle', IconCircle], ['corridor', IconRoute]];

interface Props {
  tool?: Tool;
  points: number;
  editing: boolean;
  canHole: boolean;
  canUndo: boolean;
  onTool: (tool: Tool | undefined) => void;
  onUndo: () => void;
  onFinish: () => void;
}

export function Tools({ tool, points, editing, canHole, canUndo, onTool, onUndo, onFinish }: Props) {
  const t = useT(words);
  const button = (kind: Tool, Glyph: Icon) => (
    <Tooltip key={kind} label={t(kind)} position="left">
      <ActionIcon size={40} variant={tool === kind ? 'filled' : 'subtle'} color={tool === kind ? undefined : 'gray'} aria-label={t(kind)} aria-pressed={tool === kind} onClick={() => onTool(tool === kind ? undefined : kind)}><Glyph size={22} stroke={1.7} /></ActionIcon>
    </Tooltip>
  );
  const help = tool ? t(`help_${tool}`) : editing ? t('help_edit') : '';
  return (
    <>
      <Paper className="fence-tools" withBorder shadow="md" radius="md" role="toolbar" aria-label={t('drawTools')}>
        {shapes.map(([kind, glyph]) => button(kind, glyph))}
        {canHole && button('hole', IconShape3)}
        {(editing || tool) && <Tooltip label={t('undo')} position="left"><ActionIcon size={40} variant="subtle" color="gray" aria-label={t('undo')} disabled={!canUndo} onClick={onUndo}><IconArrowBackUp size={22} stroke={1.7} /></ActionIcon></Tooltip>}
      </Paper>
      {tool && points >= (tool === 'corridor' ? 2 : 3) && <Button className="fence-finish" leftSection={<IconCheck size={17} />} onClick={onFinish}>{t('finishShape')}</Button>}
      {help ? <div key={help} className="fence-help" role="status">{help}</div> : <VisuallyHidden role="status" />}
    </>
  );
}
