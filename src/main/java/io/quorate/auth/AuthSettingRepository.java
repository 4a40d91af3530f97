package io.quorate.auth;

import org.springframework.data.repository.ListCrudRepository;

/** Whether authentication is on, and its revision, in this member's database; writes only while an entry is applied. */
public interface AuthSettingRepository extends ListCrudRepository<AuthSetting, String> {}
