import { type ThemeConfig, theme } from 'antd';

const FONT =
  "'Inter Variable','PingFang SC','Microsoft YaHei UI','Microsoft YaHei','Noto Sans CJK SC','Source Han Sans SC',system-ui,sans-serif";

// Twin of styles/tokens.css: antd derives further shades from these, so it cannot take CSS variables.
const LIGHT = {
  primary: '#1f4fd8',
  primaryHover: '#3a67e3',
  primaryActive: '#173fb3',
  onPrimary: '#ffffff',
  ok: '#0a7551',
  warn: '#955800',
  danger: '#c8322b',
  text: '#141a29',
  text2: '#525b6e',
  text3: '#656e81',
  bg: '#f5f6f8',
  card: '#ffffff',
  raised: '#ffffff',
  line: '#e8eaef',
  line3: '#d9dde5',
  hover: '#f7f9fc',
  selected: '#eef3ff',
  track: '#eceef2',
  thumb: '#ffffff',
  floating: '0 6px 20px rgb(20 26 41 / 12%), 0 2px 6px rgb(20 26 41 / 8%)',
};

const DARK: typeof LIGHT = {
  primary: '#5b8bff',
  primaryHover: '#79a0ff',
  primaryActive: '#4b7cf2',
  onPrimary: '#0a1230',
  ok: '#4cc795',
  warn: '#e5a54b',
  danger: '#f2847c',
  text: '#e8eaf0',
  text2: '#a0a8b8',
  text3: '#8d97a9',
  bg: '#0e1116',
  card: '#161a21',
  raised: '#1c212a',
  line: '#232934',
  line3: '#2f3643',
  hover: '#1b2029',
  selected: '#1a2440',
  track: '#1c212a',
  thumb: '#2b3240',
  // A shadow alone does not part a panel from a page as dark as itself.
  floating: '0 0 0 1px #2f3643, 0 10px 28px rgb(0 0 0 / 55%)',
};

export function makeTheme(isDark: boolean, isStill: boolean): ThemeConfig {
  const c = isDark ? DARK : LIGHT;
  return {
    cssVar: { key: 'cardea' },
    hashed: false,
    algorithm: isDark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      fontFamily: FONT,
      fontSize: 14,
      colorPrimary: c.primary,
      colorInfo: c.primary,
      colorLink: isDark ? '#7aa0ff' : c.primary,
      colorSuccess: c.ok,
      colorWarning: c.warn,
      colorError: c.danger,
      colorText: c.text,
      colorTextSecondary: c.text2,
      colorTextTertiary: c.text3,
      colorTextDescription: c.text3,
      colorTextPlaceholder: c.text3,
      colorTextLightSolid: c.onPrimary,
      colorBgLayout: c.bg,
      colorBgContainer: c.card,
      colorBgElevated: c.raised,
      boxShadowSecondary: c.floating,
      colorBorder: c.line3,
      colorBorderSecondary: c.line,
      borderRadius: 7,
      borderRadiusLG: 10,
      borderRadiusSM: 5,
      controlHeight: 34,
      controlHeightSM: 28,
      controlHeightLG: 42,
      // A motion that the style sheet shortens to nothing may end before it is listened for, and its panel never opens.
      motion: !isStill,
      motionDurationMid: '0.14s',
      motionDurationSlow: '0.2s',
      wireframe: false,
    },
    components: {
      Button: {
        primaryShadow: 'none',
        defaultShadow: 'none',
        dangerShadow: 'none',
        fontWeight: 500,
        // The dark algorithm would darken the fill below a readable contrast with its text.
        colorPrimary: c.primary,
        colorPrimaryHover: c.primaryHover,
        colorPrimaryActive: c.primaryActive,
      },
      Segmented: { trackBg: c.track, itemSelectedBg: c.thumb, itemColor: c.text2 },
      Form: { verticalLabelPadding: '0 0 6px', itemMarginBottom: 20, labelColor: c.text2, labelFontSize: 13 },
      Select: { optionSelectedBg: c.selected },
      Tooltip: { colorBgSpotlight: isDark ? '#2b3240' : '#1b2335', colorTextLightSolid: '#ffffff' },
      Modal: { titleFontSize: 16 },
    },
  };
}
