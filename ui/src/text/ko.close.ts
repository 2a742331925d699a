/** The Korean of the day's close. */
import type { DifferenceAction, DifferenceKind } from '../ipc/wire'
import { number, signed, won } from './format'

const kinds: Record<DifferenceKind, { what: string; todo: string }> = {
  only_in_portone: {
    what: 'PortOne에만 있는 결제',
    todo: '손님은 결제했는데 아직 적립되지 않았습니다. 확인을 누르면 PortOne에 다시 묻고 적립합니다.',
  },
  disputed: {
    what: '확인이 필요한 결제',
    todo: '결제는 되었지만 적립할 수 없었습니다. 대기함에서 까닭을 보고 처리해 주세요.',
  },
  unknown_charge: {
    what: '장부가 모르는 충전의 결제',
    todo: '이 장부의 주문 번호인데 충전 기록이 없습니다. 백업을 복원했다면 대기함에서 관리자가 처리해 주세요.',
  },
  two_payments: {
    what: '한 충전에 두 번 결제',
    todo: '한 번만 적립했습니다. 나머지 한 건은 손님에게 환불해 주세요.',
  },
  only_in_book: {
    what: '장부에만 있는 결제',
    todo: '적립했는데 PortOne에 결제가 없습니다. 다시 확인한 뒤에도 같으면 관리자에게 알려 주세요.',
  },
  another_sum: {
    what: '금액이 다른 결제',
    todo: '적립할 때와 다른 금액입니다. PortOne 콘솔에서 이 결제를 확인하고 PortOne에 문의해 주세요. 포인트는 그대로 두었습니다.',
  },
  cancelled_outside: {
    what: '밖에서 취소된 결제',
    todo: '매장 밖(PortOne 콘솔 등)에서 취소되었습니다. 확인을 누르면 취소된 만큼 포인트를 거두고, 이미 쓴 포인트는 받을 돈으로 적습니다.',
  },
  refund_missing: {
    what: 'PortOne에 없는 환불',
    todo: '장부에는 환불로 적혀 있는데 PortOne에서는 취소되지 않았습니다. 손님이 돈을 받았는지 확인해 주세요.',
  },
  other_mode: {
    what: '다른 모드의 돈',
    todo: '실제 장부의 테스트 결제이거나 테스트 장부의 실제 결제입니다. 여기서는 취소하지 않습니다. 관리자에게 알리고 PortOne 콘솔에서 취소해 주세요.',
  },
  only_in_file: {
    what: '정산 파일에만 있는 결제',
    todo: 'PG는 결제로 보는데 장부에 없습니다. PG에 승인번호를 물어봐 주세요.',
  },
  not_in_file: {
    what: '정산 파일에 없는 결제',
    todo: '장부에는 있는데 PG 파일에 없습니다. 파일의 날짜를 확인하고 PG에 승인번호를 물어봐 주세요.',
  },
  file_sum: {
    what: '정산 파일과 금액이 다른 결제',
    todo: 'PG 관리자 화면에서 취소했을 수 있습니다. PortOne에는 나오지 않는 취소입니다. PG에 확인해 주세요.',
  },
}
const actions: Record<DifferenceAction, string> = {
  settle: '확인',
  inbox: '대기함에서 보기',
  refund: '환불 창구로',
  ask_portone: 'PortOne에서 확인',
  ask_pg: 'PG에 문의',
}
const accounts: Record<string, string> = {
  pg: 'PG 결제',
  cash: '현금',
  bank: '계좌',
  sales: '포인트 매출',
  bonus_cost: '보너스 비용',
  breakage: '소멸 이익',
  refund_fee: '환불 수수료',
  suspense: '가계정',
  opening: '이관',
}
const ways: Record<string, string> = {
  channel: '결제 채널 변경',
  keys_saved: 'PortOne 키 저장',
  keys_forgotten: 'PortOne 키 삭제',
  proxy: '프록시 변경',
}

export const closeKo = {
  title: '마감',
  lead: '현금을 먼저 세고, 그다음에 장부와 PortOne을 비교합니다.',
  loading: '마감할 날을 읽는 중입니다',
  day: (date: string) => `${date} 영업일`,
  otherDays: '아직 마감하지 않은 날',
  steps: { count: '1 현금 세기', differences: '2 차이 확인', closed: '3 마감과 출력' },

  counted: '돈통에 있는 현금 모두',
  countedHint: '지폐와 동전을 모두 세어 주세요. 있어야 할 금액은 입력한 뒤에 보여 드립니다.',
  change: '그중 준비금',
  changeHint: '영업을 시작할 때 넣어 둔 거스름돈입니다.',
  pad: '숫자판',
  padTake: '넣기',
  take: '세었습니다',
  again: '다시 세기',
  counts: '센 기록',
  count: (when: string, sum: number, who: string) => `${when} · ${won(sum)} · ${who}`,

  cash: '현금',
  cashCounted: '센 현금',
  cashExpected: '있어야 할 현금',
  cashSame: '현금 차액 0원',
  cashDifference: (sum: number) => `현금 차액 ${signed(sum)}원`,

  portone: 'PortOne과 비교',
  comparing: 'PortOne에서 오늘 결제를 모두 읽는 중입니다',
  compare: '다시 비교',
  same: '차액 0원',
  differences: (count: number, sum: number) => `차이 ${number(count)}건 · ${signed(sum)}원`,
  book: '장부',
  other: 'PortOne',
  tally: (count: number, sum: number) => `${number(count)}건 ${won(sum)}`,
  foreign: '다른 시스템의 결제',
  foreignHint: '같은 PortOne 계정을 쓰는 다른 매장이나 쇼핑몰의 결제이며, 차이가 아닙니다.',
  pending: '비교 대기',
  pendingHint: 'PortOne과 아직 비교하지 못했습니다. 이대로 마감해도 되고, 연결되면 자동으로 비교합니다.',
  unanswered: 'PortOne이 대답하지 않아 비교하지 못했습니다. 장부와 돈은 그대로이며, 이대로 마감해도 됩니다.',
  offline: '지금은 PortOne에 연결되지 않습니다. 현금만 세어 마감할 수 있고, 비교는 연결되면 자동으로 합니다.',
  kinds,
  actions,
  sums: (book: number | null, other: number | null) =>
    `장부 ${book === null ? '없음' : won(book)} · 상대 ${other === null ? '없음' : won(other)}`,
  approval: (number: string) => `승인 ${number}`,

  file: 'PG 정산 파일과 비교',
  fileHint:
    'PG 관리자 화면에서 한 취소는 PortOne에 나오지 않습니다. PG에서 받은 CSV(승인일자, 승인번호, 금액)로 확인할 수 있습니다.',
  pickFile: 'CSV 파일 고르기',
  fileSame: '정산 파일과 차액 0원',

  openCharges: (count: number) =>
    `끝나지 않은 충전이 ${number(count)}건 있습니다. 마감해도 사라지지 않고, 결제가 확인되면 그날 날짜로 기록됩니다.`,
  finish: '마감하기',
  finishHint: '마감한 날은 다시 열 수 없습니다. 뒤에 하는 되돌리기와 환불은 그날의 날짜로 기록됩니다.',
  finished: '마감했습니다',
  print: '영수증 출력',

  earlier: '지난 마감',
  earlierNone: '아직 마감한 날이 없습니다',
  uncompared: '비교 대기',

  slip: '일 마감표',
  slipTest: '테스트 — 실제 매출이 아닙니다',
  kind: (count: number) => `${number(count)}건`,
  accounts,
  bonus: '보너스',
  closedAt: '마감 시각',
  closedBy: '마감한 사람',
  approvedBy: '승인한 사람',
  chain: (count: number) => `장부 ${number(count)}번째 거래까지`,
  head: '장부 머리',
  seal: '마감 봉인',
  changes: '지난 마감 뒤 바뀐 결제 설정',
  ways,
  noDifference: '차이 없음',
}
