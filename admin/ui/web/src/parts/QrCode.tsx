import { Center } from '@mantine/core';
import { useMemo } from 'react';
import { encode } from 'uqr';

/** A QR code, black on white in both schemes, since readers want it so. */
export function QrCode({ text, label, size = 220 }: { text: string; label: string; size?: number }) {
  const { path, side } = useMemo(() => {
    const { data, size: side } = encode(text, { border: 2 });
    return { side, path: data.flatMap((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : ''))).join('') };
  }, [text]);
  return (
    <Center><svg role="img" aria-label={label} viewBox={`0 0 ${side} ${side}`} width={size} height={size} shapeRendering="crispEdges"><rect width={side} height={side} fill="#fff" rx="1" /><path d={path} fill="#000" /></svg></Center>
  );
}
