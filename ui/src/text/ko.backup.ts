/** The Korean of backups and of what follows when one is put back. */
import { number, points, won } from './format'

export const backupKo = {
  title: '백업',
  hint: '장부를 암호화해 다른 저장 장치에 둡니다. 이 컴퓨터가 고장 나도 장부를 되살릴 수 있습니다.',
  folder: '백업 폴더',
  folderHint: 'USB 메모리나 다른 디스크의 전체 경로를 적어 주세요. 비워 두면 백업하지 않습니다.',
  folderExample: '예: D:\\Pointill백업',
  daily: '날마다 자동으로 백업',
  save: '저장',
  now: '지금 백업',
  making: '백업하는 중',
  made: '백업하고 다시 읽어 확인했습니다',
  good: '마지막 백업',
  drill: '마지막 복구 연습',
  none: '아직 없음',
  failed: (why: string) => `실패: ${why}`,
  key: '복구 키',
  keyShown: (when: string) => `${when}에 보여 드렸습니다`,
  keyNever: '아직 인쇄하지 않았습니다. 이 컴퓨터가 고장 나면 복구 키 없이는 백업을 열 수 없습니다.',
  keyGo: '복구 키 보기',
  keyTitle: 'Pointill 복구 키',
  keyBody: [
    '이 종이는 백업을 여는 열쇠입니다. 매장 밖의 안전한 곳에 보관해 주세요.',
    '이 종이와 백업 파일이 있으면 누구나 장부를 볼 수 있습니다. 사진을 찍거나 메신저로 보내지 마세요.',
    '새 컴퓨터에 Pointill을 설치한 뒤 설정 → 백업에서 백업 폴더를 정하고, 복구 키를 넣고, 백업을 골라 되살리면 됩니다.',
  ],
  keyPrint: '인쇄',
  keyEnter: '복구 키 넣기',
  keyEnterHint:
    '다른 컴퓨터에서 만든 백업을 열 때 종이에 적힌 키를 넣습니다. 띄어쓰기와 대소문자는 상관없습니다.',
  keyTake: '넣기',
  keyTaken: '복구 키를 이 컴퓨터의 키 보관소에 넣었습니다',
  list: '백업 목록',
  listGo: '목록 보기',
  listNone: '폴더에 이 모드의 백업이 없습니다.',
  otherBook: '다른 장부',
  size: (bytes: number) => `${number(Math.max(1, Math.round(bytes / 1024)))}KB`,
  check: '확인',
  checking: '여는 중',
  checked: (count: number, behind: number | null) =>
    behind === null
      ? `거래 ${number(count)}건이 모두 맞습니다. 다만 지금 장부와 이어지는 기록이 아닙니다.`
      : `거래 ${number(count)}건이 모두 맞습니다. 지금 장부가 ${number(behind)}건 더 많습니다.`,
  restore: '되살리기',
  restoreTitle: '이 백업으로 되살릴까요?',
  restoreBody: (day: string) => [
    `장부가 ${day}의 상태로 돌아갑니다. 지금 장부는 지우지 않고 암호화해 보관합니다.`,
    '그 뒤의 충전은 PortOne에 물어 찾아냅니다. 모두 물어볼 때까지 새 충전을 시작하지 않습니다.',
    '그 뒤에 쓴 포인트는 되찾을 수 없습니다. 영수증이나 기억으로 다시 적어야 합니다.',
  ],
  restoring: '되살리는 중',
  cancel: '그만두기',
  report: '되살린 결과',
  reportGo: '되살린 결과 보기',
  reportFrom: (made: string, at: string) => `${made}에 만든 백업을 ${at}에 되살렸습니다.`,
  reportAside:
    '전의 장부는 지우지 않고 암호화해 백업 폴더 안의 pointill-kept에 둡니다(백업 폴더에 쓸 수 없으면 앱의 데이터 폴더 안). 백업 폴더로 옮기면 다른 백업처럼 되살릴 수 있습니다.',
  reportPending: 'PortOne에 아직 묻지 못했습니다. 새 충전은 시작할 수 없습니다.',
  reportAsk: '지금 물어보기',
  reportAsking: 'PortOne에 묻는 중',
  reportAsked: (payments: number, known: number) =>
    `PortOne에 물었습니다. 우리 결제 ${number(payments)}건 가운데 ${number(known)}건은 장부에 있는 충전입니다.`,
  reportLost: (count: number) => `백업 뒤에 있던 거래 ${number(count)}건은 이 장부에 없습니다.`,
  reportLostUnknown: (from: string, to: string) =>
    `${from}부터 ${to} 사이에 쓴 포인트는 이 앱이 알 수 없습니다. 영수증과 기억으로 다시 적어 주세요.`,
  reportLostHint: '충전은 대기함에서 찾을 수 있습니다. 사용과 되돌리기는 영수증과 기억으로 다시 적어 주세요.',
  member: (id: number) => `${number(id)}번 손님`,
  change: (value: number) => points(value),

  orphans: '주인을 찾아야 하는 결제',
  orphansLead:
    '손님이 결제했지만 이 장부에 충전 기록이 없어 아직 적립하지 않았습니다. 누구의 결제인지 정해 주세요. 다른 컴퓨터의 장부에서 이미 적립했다면 여기서 다시 적립하지 마세요.',
  orphanFor: (name: string) => `주문에 적힌 손님: ${name}`,
  orphanNobody: '주문에 적힌 손님을 확인할 수 없습니다. 손님의 카드를 먼저 연 다음 적립해 주세요.',
  orphanCredit: (name: string) => `${name} 님에게 적립`,
  orphanRefund: '환불하기로',
  orphanToRefund:
    '환불하기로 했지만 돈은 아직 손님에게 돌아가지 않았습니다. 점주가 PortOne 관리자콘솔에서 이 결제를 취소해 주세요. PortOne이 취소되었다고 알려 오면 목록에서 사라집니다. 취소하기 전이라면 마음을 바꿔 적립해도 됩니다.',
  orphanLine: (sum: number) => won(sum),

  warnings: {
    not_set: '백업이 없습니다. 이 컴퓨터가 고장 나면 장부를 잃습니다. 백업 폴더를 정해 주세요.',
    failed: '마지막 백업이 실패했습니다. 백업 폴더를 확인해 주세요.',
    old: '이틀 넘게 백업하지 못했습니다. 백업 폴더를 확인해 주세요.',
    drill_failed: '백업을 열어 보는 복구 연습이 실패했습니다. 백업을 믿을 수 없으니 확인해 주세요.',
    drill_old: '2주 넘게 복구 연습을 하지 못했습니다. 백업 폴더를 확인해 주세요.',
  },
  pending: '백업에서 되살린 장부입니다. PortOne에 모두 물어볼 때까지 새 충전을 시작하지 않습니다.',
  orphansWait: (count: number) => `주인을 찾아야 하는 결제가 ${number(count)}건 있습니다.`,
}
