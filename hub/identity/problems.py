"""What can go wrong in who is who, in words for whoever asked: rows of the one table."""

from collections.abc import Mapping
from typing import Final

from hub.identity import errors as identity
from hub.identity import passwords
from hub.kit.problem import Kind, row

PROBLEMS: Final[Mapping[type[Exception], Kind]] = {
    identity.NotSignedIn: row(
        401, "not-signed-in",
        ("로그인이 필요해요", "로그인한 뒤 다시 해 주세요. 오래 쉬면 로그인이 저절로 끝나요."),
        ("You need to sign in", "Sign in and try again. A session left alone ends by itself."),
    ),
    identity.NotAllowed: row(
        403, "not-allowed",
        ("권한이 없어요", "{roles_ko} 역할이 할 수 있어요. 관리자에게 역할을 요청해 주세요."),
        ("You are not allowed to do this",
         "It needs one of these roles: {roles}. Ask an administrator for it."),
    ),
    identity.PasswordToBeChanged: row(
        403, "password-to-be-changed",
        ("비밀번호를 먼저 바꿔 주세요", "처음 받은 비밀번호로는 비밀번호 바꾸기만 할 수 있어요."),
        ("Change your password first", "A first password opens nothing but the change of it."),
    ),
    identity.WrongSignIn: row(
        401, "wrong-sign-in",
        ("아이디나 비밀번호가 맞지 않아요",
         "다시 확인해 주세요. 다섯 번 틀리면 15분 동안 기다려야 해요."),
        ("The name or the password is wrong",
         "Check both. After five wrong tries you wait for 15 minutes."),
    ),
    identity.SignInLocked: row(
        429, "sign-in-locked",
        ("잠시 로그인할 수 없어요",
         "여러 번 틀려서 {wait_min}분 뒤에 다시 할 수 있어요. "
         "급하면 관리자에게 새 비밀번호를 받으세요."),
        ("You cannot sign in for a while",
         "Too many wrong tries: try again in {wait_min} min, "
         "or ask an administrator for a new password."),
    ),
    identity.ForeignRequest: row(
        403, "foreign-request",
        ("다른 곳에서 보낸 요청이에요", "이 서버의 화면에서 다시 해 주세요."),
        ("This request comes from elsewhere", "Do it again on a page of this server."),
    ),
    identity.UnknownPerson: row(
        404, "unknown-person",
        ("그런 사람이 없어요", "목록을 새로 고쳐 주세요."),
        ("No such person", "Reload the list."),
    ),
    identity.UnknownDuty: row(
        404, "unknown-duty",
        ("그런 사무가 없어요", "목록을 새로 고쳐 주세요."),
        ("No such duty", "Reload the list."),
    ),
    identity.LoginTaken: row(
        409, "login-taken",
        ("이미 있는 아이디예요", "'{login}'은(는) 다른 사람이 써요. 다른 아이디를 정해 주세요."),
        ("This name is taken", "Somebody else is '{login}'. Choose another."),
    ),
    identity.LastAdmin: row(
        409, "last-admin",
        ("관리자가 한 사람은 있어야 해요", "먼저 다른 사람에게 admin 역할을 주세요."),
        ("There must be one administrator", "Give somebody else the role admin first."),
    ),
    passwords.TooShort: row(
        422, "password-too-short",
        ("이 비밀번호는 쓸 수 없어요", "10글자보다 짧아요. 긴 문장이 외우기도 쉬워요."),
        ("This password cannot be taken",
         "It is shorter than 10 characters. A sentence is easy to remember."),
    ),
    passwords.TooLong: row(
        422, "password-too-long",
        ("이 비밀번호는 쓸 수 없어요", "128글자까지 쓸 수 있어요."),
        ("This password cannot be taken", "It is longer than 128 characters."),
    ),
    passwords.HoldsLogin: row(
        422, "password-holds-login",
        ("이 비밀번호는 쓸 수 없어요", "아이디가 들어 있어요."),
        ("This password cannot be taken", "Your name is part of it."),
    ),
    passwords.TooPlain: row(
        422, "password-too-plain",
        ("이 비밀번호는 쓸 수 없어요", "같은 글자가 되풀이돼요."),
        ("This password cannot be taken", "It repeats a few characters."),
    ),
    passwords.Unchanged: row(
        422, "password-unchanged",
        ("이 비밀번호는 쓸 수 없어요", "지금 비밀번호와 같아요."),
        ("This password cannot be taken", "It is the one you have."),
    ),
}  # fmt: skip
