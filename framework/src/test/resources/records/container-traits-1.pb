 *«
	words-1-2agent-S0"agent.example*
server˜ò*

shell-port™ò08û””ÊÊ3B8
TASK_RUNNINGSOURCE_EXECUTOR*0123456789abcdef0û””ÊÊ3J 
eueu-1
gen3

rackr1