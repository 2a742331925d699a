/** The Korean of time: bonus rules, how long points last, and what goes soon. */
import { number, points, won } from './format'

const percent = (basisPoints: number): string => `${(basisPoints / 100).toFixed(2).replace(/\.?0+$/, '')}%`

export const timeKo = {
  bonus: '보너스 규칙',
  bonusNone: '지금은 보너스를 주지 않습니다.',
  bonusNow: (lines: number, days: number) =>
    `지금 조건 ${number(lines)}개를 쓰고 있습니다. 보너스는 ${number(days)}일 동안 쓸 수 있습니다.`,
  bonusBest:
    '여러 조건에 맞으면 손님에게 가장 큰 보너스 하나만 드립니다. 더하지 않습니다. 결제 방법에 따라 다르게 줄 수는 없습니다.',
  bonusFrozen: '이미 시작한 충전은 시작할 때 약속한 보너스를 그대로 드립니다.',
  bonusFirst: '첫 충전 보너스는 손님마다 한 번만 드립니다.',
  line: (place: number) => `조건 ${place}`,
  addLine: '조건 추가',
  dropLine: '빼기',
  from: '이 금액부터',
  kind: '주는 방식',
  byPercent: '비율',
  byPoints: '정해진 포인트',
  rate: '보너스 비율',
  fixed: '보너스 포인트',
  firstOnly: '첫 충전만',
  fromDay: '시작하는 날',
  untilDay: '끝나는 날',
  validDays: '보너스를 쓸 수 있는 기간',
  cost: '비용 보기',
  costFirst: '저장하기 전에 비용을 먼저 보여 드립니다.',
  costNone: (days: number) => `최근 ${days}일 동안 충전이 없어 지난 충전으로는 계산할 수 없습니다.`,
  costWas: (days: number, charges: number, sum: number) =>
    `최근 ${days}일 충전 ${number(charges)}건, ${won(sum)}에 이 규칙을 썼다면`,
  costIs: (bonus: number, basisPoints: number) =>
    `보너스 ${points(bonus)} (충전액의 ${percent(basisPoints)})`,
  costGave: (bonus: number, basisPoints: number) =>
    `실제로 드린 보너스는 ${points(bonus)} (${percent(basisPoints)})입니다. 기간 조건은 빼고 계산합니다.`,
  tile: (sum: number, bonus: number) => `${won(sum)} → 보너스 ${points(bonus)}`,
  tileFirst: (bonus: number) => `첫 충전 ${points(bonus)}`,

  expiry: '유료 포인트 유효기간',
  expiryNone: '지금은 유료 포인트가 사라지지 않습니다.',
  expiryNow: (long: string, who: string) => `지금: 충전한 날부터 ${long}. ${who} 님이 받아들였습니다.`,
  months: (many: number) => `${number(many)}개월`,
  daysLong: (many: number) => `${number(many)}일`,
  approved: (who: string, by: string) => `${who} 님이 받아들이고 ${by}`,
  expiryHint:
    'PG마다 충전 포인트를 다 써야 하는 기간을 정해 두었습니다. 출처를 확인하고 받아들이면, 그 뒤에 시작하는 충전부터 적용합니다. 이미 충전한 포인트는 그대로입니다.',
  expiryAfter: '기간이 지나도 손님의 환불 권리는 남습니다.',
  yours: '이 매장의 PG',
  noLimit: '제한 없음',
  pickPg: 'PG 규칙',
  monthsField: '쓸 수 있는 기간',
  monthUnit: '개월',
  monthsHint: '0이면 사라지지 않습니다.',
  source: '출처',
  sourceHint: '계약서나 안내 문서의 이름과 날짜',
  accept: '이 규칙을 받아들임',
  acceptNone: '사라지지 않게 함',
  accepted: '받아들였습니다',

  expiring: '소멸 예정',
  expiringHint: '30일 안에 사라지는 포인트입니다. 손님 카드에서 기간을 늘릴 수 있습니다.',
  expiringNone: '30일 안에 사라지는 포인트가 없습니다.',
  expiringSum: (members: number, paid: number, bonus: number) =>
    `손님 ${number(members)}명 · 유료 ${points(paid)} · 보너스 ${points(bonus)}`,
  part: { paid: '유료', bonus: '보너스' },
  until: (day: string) => `${day}까지`,
  more: '더 보기',
  reading: '불러오는 중',

  gone: '소멸된 포인트',
  goneShow: '보기',
  goneNone: '소멸된 포인트가 없습니다.',

  extend: '기간 연장',
  extendTitle: '포인트 기간 연장',
  extendWhat: (part: string, many: number, day: string) => `${part} ${points(many)} · 지금 ${day}까지`,
  extendTo: '새 기한',
  extendWhy: '까닭',
  extendWhyHint: '예: 병원에 계셔서 못 오셨음',
  extendGo: '연장',
  extending: '연장하는 중',
  extended: '기간을 늘렸습니다',
  extendLater: '지금 기한보다 뒤의 날짜만 고를 수 있습니다. 관리자의 승인이 필요합니다.',
}
