import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { useIsDark } from '@/lib/theme-mode';

use([BarChart, LineChart, GridComponent, TooltipComponent, AriaComponent, SVGRenderer]);

/** A colour of styles/tokens.css as it stands in the theme in force. */
export type Token = (name: `--${string}`) => string;

interface ChartProps {
  /** Says in words what the picture shows. */
  label: string;
  height: number;
  option: (token: Token) => EChartsCoreOption;
}

/** ECharts, always loaded lazily: import this file only from lazy modules. Redrawn when the theme changes. */
export function Chart({ label, height, option }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const isDark = useIsDark();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tokens' values change with the theme
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const styles = getComputedStyle(document.documentElement);
    const chart = init(element, undefined, { renderer: 'svg' });
    chart.setOption({ animationDuration: 260, ...option((name) => styles.getPropertyValue(name).trim()) });
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [option, isDark]);
  return <div ref={box} role="img" aria-label={label} style={{ width: '100%', height }} />;
}
