/** The Korean of the people: coming in, approving, the staff part of the settings. */
import type { Refusal } from '../ipc/call'

/** What somebody is asked to approve, by the command. */
const works: Record<string, string> = {
  mode_switch: '모드 바꾸기',
  settings_proxy: '프록시 바꾸기',
  bonus_rule_set: '보너스 규칙 바꾸기',
  keys_save: 'PortOne 키 저장',
  keys_forget: 'PortOne 키 지우기',
  channel_choose: '결제 채널 바꾸기',
  staff_add: '직원 추가',
  staff_edit: '직원 정보 바꾸기',
  staff_pin_set: 'PIN 새로 정하기',
  staff_idle: '자동 잠금 시간 바꾸기',
}

/** How long somebody waits after wrong PINs. */
const span = (seconds: number): string =>
  seconds < 60 ? `${seconds}초` : `${Math.floor(seconds / 60)}분${seconds % 60 ? ` ${seconds % 60}초` : ''}`

export const staffKo = {
  pin: 'PIN',
  pinPad: 'PIN 숫자판',
  pinDigits: (count: number) => (count === 0 ? 'PIN을 넣어 주세요' : `${count}자리 입력됨`),
  erase: '한 자리 지우기',

  who: '누구신가요?',
  whoHint: '이름을 고르고 PIN을 넣어 주세요.',
  hello: (name: string) => `${name} 님`,
  enter: '들어가기',
  entering: '확인하는 중',
  others: '다른 사람',
  namesUnread: '직원 이름을 읽지 못했습니다',
  settles: '잠겨 있어도 시작한 결제는 자동으로 확인합니다.',

  lock: '잠그기',
  lockHint: '다음 사람이 쓸 수 있게 화면을 잠급니다',

  /** What a wrong PIN led to; nothing where there is no more to say than the code's sentence. */
  pinWords: (error: Refusal): string | null => {
    const { code, detail } = error
    if (typeof detail !== 'object' || detail === null || !('waitS' in detail)) return null
    const wait = typeof detail.waitS === 'number' ? detail.waitS : 0
    const locked = 'locked' in detail && detail.locked === true
    if (code === 'wrong_pin' && locked)
      return 'PIN이 맞지 않습니다. 너무 많이 틀려 잠겼습니다. 다른 관리자가 설정의 직원에서 풀어 주어야 합니다.'
    if (code === 'wrong_pin' && wait > 0) return `PIN이 맞지 않습니다. ${span(wait)} 뒤에 다시 넣어 주세요.`
    if (code === 'pin_wait')
      return `PIN을 여러 번 틀렸습니다. ${span(wait)} 뒤에 다시 넣어 주세요. 아무것도 하지 않았습니다.`
    return null
  },

  approval: '승인이 필요합니다',
  approvalFor: (command: string) => `${works[command] ?? '이 일'}에 다른 사람의 승인이 필요합니다.`,
  approvalAlone: (command: string) => `${works[command] ?? '이 일'}: 본인의 PIN을 한 번 더 넣어 주세요.`,
  approvalWho: '승인하는 사람',
  approvalNobody: '지금 승인할 수 있는 사람이 없습니다. 관리자나 점주가 있을 때 다시 해 주세요.',
  approve: '승인',
  approving: '확인하는 중',

  firstTitle: '점주의 이름과 PIN',
  firstHint:
    '실제 돈을 받기 전에 점주를 정합니다. 이제부터 이름을 고르고 PIN을 넣어야 쓸 수 있고, 모든 거래에 누가 했는지 남습니다.',
  firstGo: '점주로 시작',
  firstNow: '아직 점주의 PIN이 없습니다. 정하기 전에는 실제 장부를 열 수 없습니다.',
  firstOpen: '점주 정하기',
  name: '이름',
  newPin: '새 PIN',
  newPinHint: '숫자 4~12자리. 0000이나 1234처럼 쉬운 번호는 쓸 수 없습니다.',
  again: '한 번 더',
  differs: '두 번 넣은 PIN이 서로 다릅니다.',
  oldPin: '지금 PIN',

  title: '직원',
  hint: '모두 자기 이름과 PIN으로 들어옵니다. 중요한 일은 두 사람이 함께 합니다.',
  add: '직원 추가',
  added: '추가',
  role: '역할',
  edit: '고치기',
  editing: (name: string) => `${name} 님 정보`,
  setPin: 'PIN 바꾸기',
  settingPin: (name: string) => `${name} 님의 새 PIN`,
  unlock: '잠금 풀기',
  lockedOut: '잠김',
  gone: '그만둠',
  you: '나',
  works: '일하고 있음',
  roleHints: {
    clerk: '충전하고 사용하고 되돌립니다.',
    manager: '모드와 규칙을 바꾸고 승인도 합니다.',
    owner: '키와 직원까지 모두 다룹니다.',
  },
  idle: '자동 잠금',
  idleHint: '이 시간 동안 화면을 만지지 않으면 잠급니다.',
  minutes: '분',
  done: '바꾸었습니다',

  phone: '번호 보기',
  phoneTitle: '전체 전화번호 보기',
  phoneHint: '본인의 PIN을 넣으면 보여 줍니다. 누가 언제 보았는지 장부에 남습니다.',
  phoneShow: '보기',
  approvedBy: (name: string) => `승인 ${name}`,
}
