export { MapView, type MapHandle } from './MapView';
export { Overlay, type Hit, type Layer } from './overlay';
export { DeviceLayer, type Spot } from './devices';
export { FenceLayer, areaOf, within, type Area, type Shape } from './fences';
export { MarkerLayer, type Marker } from './markers';
export { GridLayer, MeLayer, TrailLayer } from './lines';
export { printMap } from './print';
export { palette, type Palette, type State } from './palette';
export * from './view';
