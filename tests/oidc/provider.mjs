// The office's provider in the tests: `node provider.mjs PORT BACK GROUPS.json`.
// Everybody is in the groups that the file lists at that moment.
import { readFileSync } from 'node:fs';
import Provider from 'oidc-provider';

const [port, back, groupsFile] = process.argv.slice(2);

const provider = new Provider(`http://127.0.0.1:${port}`, {
	clients: [
		{
			client_id: 'cheongsa',
			client_secret: process.env.CLIENT_SECRET,
			redirect_uris: [back],
			response_types: ['code'],
			grant_types: ['authorization_code']
		}
	],
	claims: {
		openid: ['sub', 'groups'],
		profile: ['name', 'preferred_username'],
		email: ['email']
	},
	cookies: { keys: [process.env.CLIENT_SECRET] },
	pkce: { required: () => true },
	findAccount: (_, login) => ({
		accountId: login,
		claims: async () => ({
			sub: login,
			preferred_username: login,
			name: `${login} 님`,
			email: `${login}@office.kr`,
			groups: JSON.parse(readFileSync(groupsFile))
		})
	})
});

provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
