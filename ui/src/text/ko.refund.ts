/** The Korean of the refund desk. */
import type { Basis, Closed, DebtPaid, RefundState, RefundStep, RefundWay } from '../ipc/wire'
import { number, points, won } from './format'

const ways: Record<RefundWay, string> = { pg: '원래 결제 취소', cash: '현금', bank: '계좌이체' }
const wayHints: Record<RefundWay, string> = {
  pg: 'PortOne에 취소를 요청하고, 취소된 것을 확인한 뒤에 끝납니다.',
  cash: '돈통에서 꺼내 드리고 바로 기록합니다.',
  bank: '먼저 이체한 다음 그 증빙을 적어 주세요. 이 앱은 이체하지 않습니다.',
}
const closed: Record<Closed, string> = {
  no_payment: '이 포인트에는 PG 결제가 없습니다.',
  too_old: '결제한 지 1년이 지나 카드 취소를 할 수 없습니다.',
  other_month: '휴대폰 결제는 결제한 달에만 취소할 수 있습니다.',
  no_part: '휴대폰 결제는 일부만 취소할 수 없습니다.',
  under_way: '이 결제의 다른 환불이 진행 중입니다. 끝난 뒤에 해 주세요.',
  above_payment: '이 결제에서 더 취소할 수 있는 금액보다 큽니다.',
  original_first: '원래 결제를 취소할 수 있어 닫혀 있습니다. PG가 거절하면 열립니다.',
}
const bases: Record<Basis, string> = {
  unused: '쓰지 않은 포인트라 모두 돌려드립니다.',
  threshold_met: '기준만큼 쓰셔서 남은 금액을 돌려드립니다.',
  expired: '유효기간이 지나 정해진 비율로 돌려드립니다.',
  ended: '중간에 해지하셔서 위약금을 빼고 돌려드립니다.',
  goodwill: '손님이 요구할 수 있는 환불은 아닙니다. 매장이 호의로 돌려드릴 수 있고, 관리자가 승인합니다.',
  never_credited: '적립하지 않은 결제라 모두 돌려드립니다.',
}
const states: Record<RefundState, string> = {
  holding: '확인 중 · 포인트를 잡아 두었습니다',
  sent: '확인 중 · PortOne에 취소를 요청했습니다',
  unknown: '확인 중 · 취소되었는지 아직 모릅니다',
  pending: '확인 중 · PG가 취소를 처리하고 있습니다',
  posted: '환불 완료',
  released: '환불 안 됨 · 포인트는 돌아왔습니다',
  refused: '환불 거절됨 · 포인트는 돌아왔습니다',
}
const whys: Record<string, string> = {
  pg_refused: 'PG가 취소를 받지 않았습니다. 현금이나 계좌이체로 돌려드릴 수 있습니다.',
  sandbox_mismatch: '테스트 결제와 실제 결제가 섞여 있어 취소를 요청하지 않았습니다.',
  not_paid: 'PortOne에서 결제 완료 상태가 아니어서 취소를 요청하지 않았습니다.',
  changed: '그사이 이 결제의 일부가 다른 곳에서 취소되었습니다. 다시 계산한 금액을 확인해 주세요.',
  other_sum: '요청한 금액과 다르게 취소되었습니다. 실제로 취소된 금액만큼 포인트를 회수했습니다.',
}
const debtPaid: Record<DebtPaid, string> = {
  cash: '현금으로 받음',
  bank: '계좌로 받음',
  points: '포인트에서 차감',
  written_off: '받지 않기로 함',
}

/** A step of the arithmetic as a sentence. */
function step(one: RefundStep): string {
  switch (one.kind) {
    case 'paid':
      return `결제한 금액은 ${won(one.won)}입니다.`
    case 'used':
      return one.won === 0
        ? '아직 쓴 포인트가 없습니다.'
        : `그중 ${won(one.won)}어치(${one.percent}%)를 썼습니다.`
    case 'gone_back':
      return `전에 ${won(one.won)}을 돌려드렸습니다.`
    case 'left':
      return `남은 금액은 ${won(one.won)}입니다.`
    case 'part':
      return `이번에는 그중 ${won(one.won)}만 환불합니다.`
    case 'within_days':
      return `산 지 ${one.days}일이 지나지 않았고 쓰지 않아 모두 돌려드립니다.`
    case 'threshold':
      return one.met
        ? `${one.percent}% 이상 써서 남은 금액을 돌려드립니다.`
        : `${one.percent}% 이상 써야 남은 금액을 요구할 수 있습니다. 아직 그만큼 쓰지 않았습니다.`
    case 'after_date':
      return `유효기간이 지나 남은 금액의 ${one.percent}%를 돌려드립니다.`
    case 'fee':
      return one.percent === null
        ? `${won(one.won)}은 돌려드리지 않습니다.`
        : `위약금은 결제한 금액의 ${one.percent}%, ${won(one.won)}입니다.`
    case 'bonus_taken':
      return `함께 드린 보너스 ${points(one.points)}도 회수합니다.`
    case 'back':
      return `돌려드릴 금액은 ${won(one.won)}입니다.`
  }
}

export const refundKo = {
  title: '환불',
  of: (name: string) => `${name} 님 환불`,
  open: '환불',
  back: '돌아가기',
  loading: '환불할 수 있는 금액을 계산하는 중입니다',
  lots: '충전한 포인트',
  payments: '적립하지 않은 결제',
  none: '돌려드릴 포인트나 결제가 없습니다.',
  lot: (left: number) => `남은 ${number(left)}P`,
  lotBonus: (bonus: number) => `보너스 ${number(bonus)}P`,
  nothing: '규정대로 계산하면 돌려드릴 금액이 없습니다.',
  ruleAssumed: '규칙이 정해지기 전에 충전하여 기본 규칙으로 계산했습니다.',
  source: '근거',
  part: '환불할 유료 포인트',
  partHint: '비워 두면 남은 것을 모두 환불합니다.',
  arithmetic: '계산',
  way: '돌려드리는 방법',
  ways,
  wayHints,
  closed,
  bases,
  states,
  whys,
  debtPaid,
  step,
  reason: '환불하는 까닭',
  proof: '증빙 (영수증 번호, 이체 시각)',
  account: '환불받을 손님 계좌',
  bank: '은행 코드',
  bankHint: 'PG가 쓰는 코드입니다. 예: KG이니시스 88, 토스페이먼츠 088',
  number: '계좌번호',
  holder: '예금주',
  accountKept: 'PortOne에 보내는 동안만 보관하고, 환불이 끝나면 지웁니다.',
  goodwill: '규정에 없는 환불임을 알고 매장의 호의로 돌려드립니다.',
  go: (sum: number) => `${won(sum)} 환불`,
  going: '확인 중',
  again: '지금 다시 확인',
  another: '다른 환불',
  said: (text: string) => `PG의 말: “${text}”`,
  checking: '끝나지 않았습니다. 다시 환불하지 마세요. 자동으로 계속 확인하고 있습니다.',
  landedLate: '환불을 접은 뒤에 결제가 취소되어, 그만큼 포인트를 회수했습니다.',
  pgConsole:
    'PG사의 관리자 화면에서 직접 취소한 결제는 PortOne에 전해지지 않아 이 앱이 알 수 없습니다. 마감에서 PG 정산 내역과 비교해 주세요.',
  underWay: '진행 중인 환불',
  history: '지난 환불',
  print: '확인서 인쇄',
  slip: '환불 확인서',
  customer: '손님',
  sum: '돌려드린 금액',
  taken: '회수한 포인트',
  takenOf: (paid: number, bonus: number) => `유료 ${points(paid)} · 보너스 ${points(bonus)}`,
  fee: '공제한 금액',
  rule: '적용한 규칙',
  started: '시작한 때',
  staff: '처리한 직원',
  approver: '승인한 사람',
  number_: '환불 번호',
  sign: '손님 서명',
  signed: '위 금액을 돌려받았음을 확인합니다.',
  held: (held: number) => `환불 중 ${points(held)}`,
  debt: (debt: number) => `받을 돈 ${won(debt)}`,
  debtHint: '포인트를 쓴 뒤에 결제가 취소되어 받지 못한 금액입니다.',
  debtTitle: '받을 돈 정리',
  debtHow: '어떻게 정리할까요?',
  debtNote: '까닭이나 증빙',
  debtGo: (sum: number) => `${won(sum)} 정리`,
  phases: { hold: '환불 시작', post: '환불', release: '환불 안 됨' } as Record<string, string>,
}
