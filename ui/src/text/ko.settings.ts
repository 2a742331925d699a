/** The Korean of the settings screen. */
import { number, won } from './format'

export const settingsKo = {
  title: '설정',
  saved: '저장했습니다',
  save: '저장',
  saving: '저장하는 중',
  unread: '설정을 읽지 못했습니다',

  /** What each setting may be, by the name that a refusal gives it. */
  ranges: (max: number): Record<string, string> => ({
    preset_won: `충전 금액 타일은 100원부터 한도(${won(max)})까지입니다.`,
    max_charge_won: '한 번에 충전할 수 있는 금액은 100원부터입니다.',
    day_turns_at_hour: '하루가 바뀌는 시각은 0시부터 23시까지입니다.',
    shop_name: '매장 이름은 40자까지 쓸 수 있습니다.',
    whole: '소수점 없는 숫자만 쓸 수 있습니다. 저장하지 않았습니다.',
    percent: '보너스 비율은 1%부터 100%까지입니다.',
    valid_days: '보너스를 쓸 수 있는 기간은 1일부터 3,650일까지입니다.',
    bonus_points: '비율과 정해진 포인트 가운데 하나를 0보다 크게 적어 주세요. 저장하지 않았습니다.',
    offers: '조건은 12개까지 둘 수 있습니다. 저장하지 않았습니다.',
    period: '기간의 날짜를 다시 확인해 주세요. 끝나는 날이 시작하는 날보다 빠를 수 없습니다.',
    until: '날짜를 다시 확인해 주세요. 아무것도 바꾸지 않았습니다.',
    expiry_lifetime: '유효기간은 1개월부터 120개월까지입니다. 저장하지 않았습니다.',
    expiry_source: '규칙의 출처를 적어 주세요. 저장하지 않았습니다.',
  }),

  shop: '매장',
  shopName: '매장 이름',
  shopNameHint: '손님의 결제창과 앱 창의 제목에 나옵니다.',
  dayTurns: '하루가 바뀌는 시각',
  dayTurnsHint: '자정 넘어 영업하면 그 시각까지를 전날로 셉니다.',
  hour: (hour: number) => (hour === 0 ? '자정 (0시)' : `오전 ${hour}시`),
  hourAfternoon: (hour: number) => (hour === 12 ? '낮 12시' : `오후 ${hour - 12}시`),
  maxCharge: '한 번에 충전할 수 있는 금액',

  presets: '충전 금액 타일',
  presetsHint: '창구의 1번부터 5번 타일입니다. 비워 두면 타일이 줄어듭니다.',
  preset: (place: number) => `${place}번 타일`,

  days: '일',
  percent: '%',
  won: '원',

  portone: 'PortOne 연결',
  portoneHint:
    'PortOne 관리자콘솔 → 결제 연동 → 식별코드·API Keys에 있습니다. 키는 이 컴퓨터의 키 보관소에만 두고 다시 보여 주지 않습니다.',
  keysStored: (end: string) => `키가 저장되어 있습니다 (…${end})`,
  keysStoredPlain: '키가 저장되어 있습니다',
  keysNone: '저장된 키가 없습니다',
  keyring: {
    asking: '키 보관소에 묻는 중입니다. 비밀번호를 묻는 창이 떠 있으면 답해 주세요.',
    locked: '키 보관소가 잠겨 있습니다. 잠금을 풀고 다시 시도해 주세요. 연습 모드는 쓸 수 있습니다.',
    unavailable:
      '이 컴퓨터의 키 보관소가 응답하지 않습니다. 키 보관소 프로그램을 켠 뒤 다시 시도해 주세요. 연습 모드는 쓸 수 있습니다.',
  },
  userCode: '고객사 식별코드',
  userCodeHint: '예: imp12345678',
  impKey: 'REST API Key',
  impSecret: 'REST API Secret',
  keySave: '확인하고 저장',
  keySaving: 'PortOne에 확인하는 중',
  keyForget: '키 지우기',
  keyForgetTitle: 'PortOne 키를 지울까요?',
  keyForgetBody:
    '키를 다시 넣을 때까지 충전할 수 없습니다. 조회와 사용은 됩니다. 기다리는 충전은 키를 넣으면 이어서 확인합니다.',
  keyForgotten: '키를 지웠습니다',

  proxy: '프록시',
  proxyHint: '매장 네트워크가 프록시를 거쳐야만 밖으로 나갈 때 적습니다. 비워 두면 바로 연결합니다.',
  proxyAddress: '프록시 주소',
  proxyExample: '예: http://10.0.0.1:3128',

  channel: '결제 채널',
  channelHint: '지금 모드에서 쓸 수 있는 채널만 고를 수 있습니다.',
  channelLoad: '채널 불러오기',
  channelLoading: 'PortOne에서 불러오는 중',
  channelNone: 'PortOne에 등록된 채널이 없습니다. 관리자콘솔 → 결제 연동 → 채널 관리에서 추가해 주세요.',
  channelPractice: '연습 모드에서는 모의 채널을 씁니다.',
  channelNeedsKeys: '키를 저장하면 채널을 불러올 수 있습니다.',
  channelChosen: '사용 중',
  channelTest: '테스트',
  channelLive: '실연동',
  channelUnclear: '종류 모름',
  channelUnusable: '이 모드에서 쓸 수 없음',

  mode: '모드',
  modeHint: '실제, 테스트, 연습은 서로 다른 장부입니다. 결제창이 열려 있으면 바꿀 수 없습니다.',
  modeNow: '지금 쓰는 장부',
  modeGo: '이 장부로',
  modeClosed: '지금은 바꿀 수 없음',
  modeNeedsKeys: 'PortOne 키를 먼저 저장해 주세요',
  modeLive: '진짜 돈을 받습니다.',
  modeTest: 'PortOne 테스트 채널로 결제해 봅니다. 실제 충전이 아닙니다.',
  modePractice: '네트워크 없이 앱 안에서 연습합니다. 돈이 오가지 않습니다.',

  book: '장부 점검',
  bookHint: '모든 거래가 앞 거래의 지문을 품고 있습니다. 하나라도 고치거나 빼면 여기서 드러납니다.',
  bookGo: '지금 점검',
  bookGoing: '점검하는 중',
  bookOk: (count: number) => `거래 ${number(count)}건이 모두 맞습니다.`,
  bookBad: (seq: number) =>
    `${number(seq)}번째 거래부터 맞지 않습니다. 장부를 고치지 말고 관리자에게 알려 주세요.`,
  bookBadPlain: '장부가 맞지 않습니다. 관리자에게 알려 주세요.',
  bookHead: '마지막 지문',
  bookFault: '까닭',
}
