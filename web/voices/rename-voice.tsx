import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Pencil } from 'lucide-react'
import { useState } from 'react'
import { Button } from 'react-aria-components/Button'
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog'
import { Heading } from 'react-aria-components/Heading'
import { Modal, ModalOverlay } from 'react-aria-components/Modal'
import type { Voice } from '../../src/http/voice-contract.ts'
import { api } from '../api.ts'
import { Trouble } from '../element/page-state.tsx'
import { PushButton } from '../element/push-button.tsx'
import { keys } from '../keys.ts'
import '../element/dialog.css'

export function RenameVoice({ voice }: { readonly voice: Voice }) {
  const [open, setOpen] = useState(false)
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <Button className="icon-button" aria-label={`Rename ${voice.name}`}>
        <Pencil size={18} aria-hidden="true" />
      </Button>
      <ModalOverlay className="veil" isDismissable>
        <Modal className="modal">
          <Dialog className="dialog">
            <Heading slot="title">What shall it be called?</Heading>
            <RenameForm voice={voice} onDone={() => setOpen(false)} />
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  )
}

function RenameForm({ voice, onDone }: { readonly voice: Voice; readonly onDone: () => void }) {
  const client = useQueryClient()
  const [name, setName] = useState(voice.name)
  const save = useMutation({
    mutationFn: () => api.changeVoice(voice.id, { name: name.trim() }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.voices })
      onDone()
    },
  })
  const idle = save.isPending || name.trim() === '' || name.trim() === voice.name
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (!idle) save.mutate()
      }}
    >
      <label className="field">
        <span>Name of the voice</span>
        <input
          type="text"
          maxLength={100}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      {save.isError && <Trouble error={save.error} />}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onDone}>
          Leave it
        </button>
        <PushButton type="submit" className="button main" idle={idle}>
          {save.isPending ? 'Saving…' : 'Save the name'}
        </PushButton>
      </div>
    </form>
  )
}
